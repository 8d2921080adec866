/**
 * @module Live functions from placed ones.
 */
import { formatAddress, type PciAddress } from '@isogroups/pci';
import {
  barsOf,
  buildRegisters,
  buildVirtualRegisters,
  sizesByRegister,
  VIRTUAL_BARS,
} from '../devices/build-registers.ts';
import { busBelow } from '../language/bus-kind.ts';
import type { SimulatedDriver } from './driver.ts';
import type { LiveFunction, LiveSoftware } from './live-device.ts';
import type { PlacedFunction } from './place-functions.ts';

export interface Above {
  readonly parent: LiveFunction | undefined;
  readonly dmaFunction: LiveFunction | undefined;
}

/** Labels that are in use, and a way to get another one. */
export interface Labels {
  /** The wanted one, or with a number behind where it is in use. */
  take(wanted: string): string;
  release(label: string): void;
  isUsed(label: string): boolean;
}

export function createLabels(reserved: Iterable<string>): Labels {
  const used = new Set(reserved);
  const tried = new Map<string, number>();
  return {
    take(wanted) {
      let label = wanted;
      for (let n = tried.get(wanted) ?? 2; used.has(label); n++) {
        label = `${wanted}${n}`;
        tried.set(wanted, n);
      }
      used.add(label);
      return label;
    },
    release(label) {
      used.delete(label);
      tried.clear();
    },
    isUsed: (label) => used.has(label),
  };
}

/** The functions of one bus with their virtual functions, by bus and device number, and all below them. */
export function buildFunctions(
  placed: readonly PlacedFunction[],
  above: Above,
  labels: Labels,
): readonly LiveFunction[] {
  return placed.flatMap((p) => withVirtual(p, above, labels)).sort(byAddress);
}

export function byAddress(a: LiveFunction, b: LiveFunction): number {
  return a.address.bus - b.address.bus || a.address.devfn - b.address.devfn;
}

function withVirtual(placed: PlacedFunction, above: Above, labels: Labels): LiveFunction[] {
  const { description, address, kind } = placed;
  const label = description.name ?? labels.take(description.kind);
  const below: LiveFunction[] = [];
  const software: LiveSoftware[] = [];
  const f: LiveFunction = {
    ...common(above),
    name: formatAddress(address),
    label,
    address: Object.freeze({ ...address }),
    config: buildRegisters(placed),
    physicalFunction: undefined,
    barSizes: sizesByRegister(barsOf(placed)),
    virtualBarSizes: description.options.vfs === undefined ? NO_BARS : sizesByRegister(VIRTUAL_BARS),
    leadsTo: busBelow(kind.role),
    below,
    software,
    description,
  };
  const isVmd = kind.role === 'vmd';
  below.push(
    ...buildFunctions(
      placed.below,
      { parent: isVmd ? undefined : f, dmaFunction: isVmd ? f : above.dmaFunction },
      labels,
    ),
  );
  software.push(...description.children.map((name) => softwareDevice(f, name, description.kind)));
  const virtual = placed.virtual.map((place, index) => virtualFunction(f, place, index, labels));
  return [f, ...virtual];
}

/** Number `index` of a physical function's, not yet on a bus. */
export function virtualFunction(
  physical: LiveFunction,
  place: PciAddress,
  index: number,
  labels: Labels,
): LiveFunction {
  return {
    ...common(physical),
    name: formatAddress(place),
    label: labels.take(`${physical.label}-vf${index}`),
    address: Object.freeze({ ...place }),
    config: buildVirtualRegisters(physical.config, physical.description?.options.vfs?.acs),
    physicalFunction: physical,
    barSizes: NO_BARS,
    virtualBarSizes: NO_BARS,
    leadsTo: undefined,
    below: [],
    software: [],
    description: undefined,
  };
}

const NO_BARS: readonly number[] = Object.freeze([0, 0, 0, 0, 0, 0]);

function common({
  parent,
  dmaFunction,
}: Above): Pick<LiveFunction, 'kind' | 'bus' | 'parent' | 'dmaFunction' | 'driver' | 'captured'> {
  const driver: SimulatedDriver | undefined = undefined;
  return { kind: 'function', bus: 'pci', parent, dmaFunction, driver, captured: undefined };
}

function softwareDevice(parent: LiveFunction, name: string, bus: string): LiveSoftware {
  return { kind: 'software', name, label: name, bus, parent, driver: undefined, captured: undefined };
}
