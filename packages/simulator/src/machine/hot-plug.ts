/**
 * @module Devices come and go while the machine runs, with what the firmware kept free for them: bus numbers below the port
 * and addresses in its windows.
 */
import { BusyError, InvalidError, OutOfRangeError } from '@isogroups/core';
import { diagnostic } from '@isogroups/pci';
import {
  type AddressRange,
  forwardedRanges,
  memoryRanges,
  memoryWindow,
  prefetchableWindow,
  virtualSpan,
} from '../devices/address-ranges.ts';
import { isBridge, SECONDARY_BUS, SUBORDINATE_BUS } from '../devices/registers.ts';
import type { BusKind } from '../language/bus-kind.ts';
import type { Slot } from '../language/description.ts';
import { DescriptionError } from '../language/description-error.ts';
import { findSlotFault } from '../language/find-fault.ts';
import { everyFunction, namesIn } from '../language/walk-description.ts';
import { NARROW_WINDOW, WIDE_WINDOW } from './address-map.ts';
import { assignAddresses, type FreeRanges } from './assign-addresses.ts';
import { buildFunctions, byAddress } from './build-functions.ts';
import { freeBetween } from './free-ranges.ts';
import type { LiveFunction } from './live-device.ts';
import type { MachineState } from './machine-state.ts';
import { type BusContext, busNumbers, FIRST_DOMAIN, type PlacedFunction, placeOnBus } from './place-functions.ts';
import { type LiveRoot, treeOrder } from './tree-order.ts';

/** Below a port, a bridge or a VMD, or on a root bus of the hardware. */
export type PlugPlace =
  | { readonly kind: 'below'; readonly bridge: LiveFunction }
  | { readonly kind: 'root'; readonly root: LiveRoot };

/**
 * Puts a device on a bus and gives it its addresses; tells nobody yet. What does not fit into the windows is left without
 * an address, as Linux leaves it, and is a diagnostic. Returns all that came, in tree order.
 *
 * @throws DescriptionError for what cannot be there, BusyError for a port that has its device, OutOfRangeError where no bus
 * numbers are left.
 */
export function plugIn(state: MachineState, slot: Slot, place: PlugPlace): readonly LiveFunction[] {
  const bus = busAt(state, place);
  const fault = findSlotFault(slot, bus.where, state.iommu, state.labels.isUsed);
  if (fault !== undefined) throw new DescriptionError(fault.says);
  for (const { kind, options } of everyFunction(slot)) {
    if (options.rmrr !== true && options.unit === undefined) continue;
    throw new DescriptionError(
      `"${kind}" comes too late: the firmware's tables, with "rmrr" and "unit", are made at boot`,
    );
  }
  if (bus.where.bus === 'link' && bus.present.length > 0) {
    throw new BusyError({
      says: `a PCI Express link leads to one device, and ${bus.name} has ${bus.present[0]?.name}`,
      next: 'unplug that one first',
      operands: { below: bus.name, present: bus.present.map((f) => f.name) },
    });
  }
  const placed = placeIn(state, slot, bus);
  for (const name of namesIn(slot)) state.labels.take(name);
  const isDomain = place.kind === 'below' && place.bridge.leadsTo === 'root';
  const above =
    place.kind === 'root'
      ? { parent: undefined, dmaFunction: undefined }
      : isDomain
        ? { parent: undefined, dmaFunction: place.bridge }
        : { parent: place.bridge, dmaFunction: place.bridge.dmaFunction };
  const functions = buildFunctions(placed, above, state.labels);
  for (const f of assignAddresses(functions, bus.free())) {
    const message = 'no room in the windows above; this function or what is below it has no address';
    state.diagnostics.push(diagnostic('warning', f.name, message));
  }
  bus.present.push(...functions);
  bus.present.sort(byAddress);
  return withAllBelow(functions);
}

interface Bus {
  readonly where: { readonly bus: BusKind; readonly isRoot: boolean; readonly isInDomain: boolean };
  readonly name: string;
  readonly segment: number;
  readonly number: number;
  /** The last number that may be given to what is below. */
  readonly last: number;
  /** The functions on it; changed in place. */
  readonly present: LiveFunction[];
  free(): FreeRanges;
}

function busAt(state: MachineState, place: PlugPlace): Bus {
  if (place.kind === 'root') return hardwareRoot(state, place.root);
  const { bridge } = place;
  const { leadsTo } = bridge;
  if (leadsTo === undefined) {
    throw new InvalidError({
      says: `${bridge.name} is no port and no bridge`,
      next: 'plug below one that is',
      operands: { device: bridge },
    });
  }
  const shared = { present: bridge.below, name: bridge.name };
  if (leadsTo === 'root') {
    const segment = bridge.below[0]?.address.segment ?? FIRST_DOMAIN + state.nextDomain++;
    const free = (): FreeRanges => {
      const ranges = memoryRanges(bridge);
      return {
        narrow: freeBetween(
          ranges.filter((r) => r.register === 2),
          occupied(bridge.below),
        ),
        wide: freeBetween(
          ranges.filter((r) => r.register === 4),
          occupied(bridge.below),
        ),
      };
    };
    return { ...shared, where: { bus: 'root', isRoot: false, isInDomain: true }, segment, number: 0, last: 0xff, free };
  }
  return {
    ...shared,
    where: { bus: leadsTo, isRoot: false, isInDomain: bridge.dmaFunction !== undefined },
    segment: bridge.address.segment,
    number: bridge.config[SECONDARY_BUS] as number,
    last: bridge.config[SUBORDINATE_BUS] as number,
    free: () => ({
      narrow: freeBetween(listOf(memoryWindow(bridge.config)), occupied(bridge.below)),
      wide: freeBetween(listOf(prefetchableWindow(bridge.config)), occupied(bridge.below)),
    }),
  };
}

const listOf = (range: AddressRange | undefined): readonly AddressRange[] => (range === undefined ? [] : [range]);

function hardwareRoot(state: MachineState, root: LiveRoot): Bus {
  const { segment, bus, functions } = root;
  const above = state.roots.filter((r) => r.segment === segment && r.bus > bus).map((r) => r.bus);
  return {
    where: { bus: state.express ? 'root' : 'conventional', isRoot: true, isInDomain: false },
    name: `the root bus ${segment.toString(16).padStart(4, '0')}:${bus.toString(16).padStart(2, '0')}`,
    segment,
    number: bus,
    last: Math.min(0x100, ...above) - 1,
    present: functions,
    free() {
      const used = occupied(state.roots.flatMap((r) => r.functions));
      return { narrow: freeBetween([NARROW_WINDOW], used), wide: freeBetween([WIDE_WINDOW], used) };
    },
  };
}

/** What the functions of a bus have, and what lies in their windows. */
function occupied(functions: readonly LiveFunction[]): readonly AddressRange[] {
  return functions.flatMap((f) => [...memoryRanges(f), ...(forwardedRanges(f) ?? []), ...virtualSpan(f)]);
}

/** Tries each run of free bus numbers; the device may need several. */
function placeIn(state: MachineState, slot: Slot, bus: Bus): readonly PlacedFunction[] {
  const domains = state.nextDomain;
  let failure: unknown;
  for (const [first, last] of freeNumbers(bus)) {
    const context: BusContext = {
      kind: bus.where.bus,
      segment: bus.segment,
      bus: bus.number,
      express: state.express,
      taken: new Set(bus.present.map((f) => f.address.devfn + ((f.address.bus - bus.number) << 8))),
      numbers: busNumbers(first, last, bus.name),
      nextDomain: () => state.nextDomain++,
    };
    try {
      return placeOnBus([slot], context);
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      failure = error;
      state.nextDomain = domains;
    }
  }
  throw new OutOfRangeError({
    says: `the device does not fit below ${bus.name}: ${(failure as Error).message}`,
    next: 'plug it below a port that has spare bus numbers',
    operands: { below: bus.name },
  });
}

/** Runs of numbers that nothing has; at least one, which may be empty. */
function freeNumbers({ number, last, present }: Bus): readonly (readonly [first: number, last: number])[] {
  const used = new Set<number>();
  for (const f of present) {
    used.add(f.address.bus);
    if (!isBridge(f.config)) continue;
    for (let n = f.config[SECONDARY_BUS] as number; n <= (f.config[SUBORDINATE_BUS] as number); n++) used.add(n);
  }
  const runs: [number, number][] = [];
  for (let n = number + 1; n <= last; n++) {
    const run = runs.at(-1);
    if (used.has(n)) continue;
    if (run !== undefined && run[1] === n - 1) run[1] = n;
    else runs.push([n, n]);
  }
  return runs.length > 0 ? runs : [[last + 1, last]];
}

/** The function, its virtual functions and all that is below them, children before parents. */
export function subtreeOf(state: MachineState, f: LiveFunction): readonly LiveFunction[] {
  return [...withAllBelow(sameDevice(state, f))].reverse();
}

/** In tree order, the domains of VMDs with them. */
function withAllBelow(functions: readonly LiveFunction[]): readonly LiveFunction[] {
  return treeOrder([{ segment: 0, bus: 0, functions: [...functions] }]);
}

/** A function and its virtual functions. */
function sameDevice(state: MachineState, f: LiveFunction): readonly LiveFunction[] {
  return busOf(state, f).filter((other) => other === f || other.physicalFunction === f);
}

/** The list that the function is on. */
export function busOf(state: MachineState, f: LiveFunction): LiveFunction[] {
  const below = f.parent?.below ?? f.dmaFunction?.below;
  return below ?? state.roots.find((root) => root.functions.includes(f))?.functions ?? [];
}

/** Takes a function and all that `subtreeOf` names off its bus. Their addresses and bus numbers are free again. */
export function takeOut(state: MachineState, f: LiveFunction): void {
  const gone = subtreeOf(state, f);
  const bus = busOf(state, f);
  const left = bus.filter((other) => other !== f && other.physicalFunction !== f);
  bus.splice(0, bus.length, ...left);
  for (const { label, software } of gone) {
    state.labels.release(label);
    for (const s of software) state.labels.release(s.label);
  }
}
