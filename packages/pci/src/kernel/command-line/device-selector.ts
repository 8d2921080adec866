/**
 * @module Names devices in kernel parameters: by their ids, or by the path from a bridge (pci_dev_str_match).
 */
import { formatAddress, type PciAddress } from '../../facts/address.ts';
import { type Fact, isUnknown, type Unknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';

export type DeviceSelector =
  /** `pci:8086:3420`, `pci:8086:3420:1028:0455`; 0 stands for any. */
  | {
      readonly kind: 'ids';
      readonly vendor: number;
      readonly device: number;
      readonly subsystemVendor: number;
      readonly subsystemDevice: number;
    }
  /** `0000:00:1c.0`, `00:1c.0/00.0/04.1`: a function, then device and function numbers on each bus below. */
  | { readonly kind: 'path'; readonly start: PciAddress; readonly steps: readonly number[] };

const IDS = /^pci:(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,4})(?::(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,4}))?$/i;
const START = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([01]?[0-9a-f])\.([0-7])$/i;
const STEP = /^([01]?[0-9a-f])\.([0-7])$/i;
const hex = (text: string | undefined): number => Number.parseInt(text ?? '0', 16);

/** Reads one selector; `undefined` for anything else. */
export function parseDeviceSelector(text: string): DeviceSelector | undefined {
  const ids = IDS.exec(text);
  if (ids !== null) {
    return Object.freeze({
      kind: 'ids',
      vendor: hex(ids[1]),
      device: hex(ids[2]),
      subsystemVendor: hex(ids[3]),
      subsystemDevice: hex(ids[4]),
    });
  }
  const [first, ...rest] = text.split('/') as [string, ...string[]];
  const start = START.exec(first);
  if (start === null) return undefined;
  const steps: number[] = [];
  for (const step of rest) {
    const m = STEP.exec(step);
    if (m === null) return undefined;
    steps.push((hex(m[1]) << 3) | hex(m[2]));
  }
  return Object.freeze({
    kind: 'path',
    start: Object.freeze({ segment: hex(start[1]), bus: hex(start[2]), devfn: (hex(start[3]) << 3) | hex(start[4]) }),
    steps: Object.freeze(steps),
  });
}

/** As the kernel reads it back; segment and subsystem are left out where they say nothing. */
export function formatDeviceSelector(selector: DeviceSelector): string {
  const pad = (n: number, width: number): string => n.toString(16).padStart(width, '0');
  if (selector.kind === 'path') {
    const steps = selector.steps.map((devfn) => `/${pad(devfn >> 3, 2)}.${devfn & 7}`);
    return formatAddress(selector.start) + steps.join('');
  }
  const { vendor, device, subsystemVendor, subsystemDevice } = selector;
  const ids = [vendor, device, ...(subsystemVendor | subsystemDevice ? [subsystemVendor, subsystemDevice] : [])];
  return `pci:${ids.map((id) => pad(id, 4)).join(':')}`;
}

/**
 * Whether a selector names a function; unknown where its ids decide and are not known.
 *
 * @param chain Addresses from the root bus down to and with the function itself. A path may begin at any of them; for a
 * virtual function the one above it is the bridge above its physical function.
 */
export function matchesSelector(selector: DeviceSelector, f: PciFunction, chain: readonly PciAddress[]): Fact<boolean> {
  if (selector.kind === 'ids') return matchesIds(selector, f);
  const { start, steps } = selector;
  const first = chain.length - 1 - steps.length;
  const top = chain[first];
  if (top === undefined) return false;
  if (top.segment !== start.segment || top.bus !== start.bus || top.devfn !== start.devfn) return false;
  return steps.every((devfn, i) => chain[first + 1 + i]?.devfn === devfn);
}

function matchesIds(selector: DeviceSelector & { kind: 'ids' }, f: PciFunction): Fact<boolean> {
  let unsure: Unknown | undefined;
  for (const [wanted, id] of [
    [selector.vendor, f.vendor],
    [selector.device, f.device],
    [selector.subsystemVendor, f.subsystemVendor],
    [selector.subsystemDevice, f.subsystemDevice],
  ] as const) {
    if (wanted === 0 || id === wanted) continue;
    if (!isUnknown(id) || id.candidates?.includes(wanted) === false) return false;
    unsure ??= id;
  }
  return unsure ?? true;
}
