/**
 * @module Facts of a simulated function, decoded from its registers as they are now.
 */
import {
  type ConfigFacts,
  type Diagnostic,
  decodeConfigSpace,
  type HostFacts,
  isUnknown,
  type LooseFunction,
  type Unknown,
  unknown,
} from '@isogroups/pci';
import { sriovOf } from '../devices/address-ranges.ts';
import type { CapturedFunction, LiveFunction } from './live-device.ts';
import { sysfsPath } from './sysfs-path.ts';

/** What a Linux on the machine made of the function. */
export interface LinuxFacts {
  readonly group: HostFacts['group'];
  readonly iommu: HostFacts['iommu'];
}

const OF_THE_WHOLE: Unknown = unknown(
  'the kernel makes groups of a whole machine, not of one function',
  'the facts of the machine',
);
/** Where nobody has asked what Linux makes of the machine. */
export const NOT_ASKED: LinuxFacts = Object.freeze({ group: OF_THE_WHOLE, iommu: OF_THE_WHOLE });

export function factsOfFunction(
  f: LiveFunction,
  linux: LinuxFacts = NOT_ASKED,
  complain?: (diagnostics: readonly Diagnostic[]) => void,
): LooseFunction {
  const file = f.captured?.facts.config?.file ?? `sys/bus/pci/devices/${f.name}/config`;
  const config = Object.freeze({ bytes: f.config.slice(), file });
  const { facts, diagnostics } = decodeConfigSpace(config);
  complain?.(diagnostics);
  return {
    ...f.address,
    ...(f.captured === undefined ? withIds(f, facts) : withCaptured(facts, f.captured)),
    parentAddress: f.parent?.name ?? null,
    physicalFunctionAddress: f.physicalFunction?.name ?? null,
    dmaDeviceAddress: f.dmaFunction?.name ?? null,
    config: f.captured === undefined || f.captured.facts.config !== undefined ? config : undefined,
    host: hostFacts(f, linux),
  };
}

/** Ids of a virtual function are not in its own registers; the kernel takes them from the physical one. */
function withIds(f: LiveFunction, facts: ConfigFacts): ConfigFacts {
  if (f.physicalFunction === undefined) return facts;
  const { vendor, subsystemVendor } = decodeConfigSpace({ bytes: f.physicalFunction.config, file: '' }).facts;
  const sriov = sriovOf(f.physicalFunction);
  return { ...facts, vendor, subsystemVendor, device: sriov?.vfDeviceId ?? facts.device };
}

/** A fact whose registers have not changed since the capture is what the capture says: kernels know more than registers. */
function withCaptured(facts: ConfigFacts, { facts: then, registers }: CapturedFunction): ConfigFacts {
  const before = decodeConfigSpace({ bytes: registers, file: '' }).facts;
  const merged = Object.keys(facts).map((key) => {
    const fact = key as keyof ConfigFacts;
    return [fact, isSame(before[fact], facts[fact]) ? then[fact] : facts[fact]];
  });
  return Object.fromEntries(merged) as unknown as ConfigFacts;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (isUnknown(a) && isUnknown(b)) || JSON.stringify(a) === JSON.stringify(b);
}

function hostFacts(f: LiveFunction, linux: LinuxFacts): HostFacts {
  const captured = f.captured?.facts.host;
  if (captured !== undefined) {
    const now = linux === NOT_ASKED ? {} : linux;
    return Object.freeze({ ...captured, ...now, driver: capturedDriver(f, captured) });
  }
  return Object.freeze({
    path: sysfsPath(f),
    driver: f.driver?.name ?? null,
    driverOverride: null,
    ...linux,
    numaNode: null,
    resetMethods: null,
    bootVga: null,
    description: undefined,
  });
}

/** Unknown stays unknown until a driver is bound here. */
function capturedDriver(f: LiveFunction, host: HostFacts): HostFacts['driver'] {
  if (f.driver !== undefined) return f.driver.name;
  return isUnknown(host.driver) ? host.driver : null;
}
