/**
 * @module The bus that a device is to be plugged in on: what may sit there, and what is free there.
 */
import { InvalidError } from '@isogroups/core';
import { known } from '@isogroups/pci';
import {
  type AddressRange,
  forwardedRanges,
  memoryRanges,
  memoryWindow,
  prefetchableWindow,
  virtualSpan,
} from '../devices/address-ranges.ts';
import { isBridge, SECONDARY_BUS, SUBORDINATE_BUS } from '../devices/registers.ts';
import type { Where } from '../language/find-fault.ts';
import { NARROW_WINDOW, WIDE_WINDOW } from './address-map.ts';
import type { FreeRanges } from './assign-addresses.ts';
import { freeBetween } from './free-ranges.ts';
import type { LiveFunction } from './live-device.ts';
import type { MachineState } from './machine-state.ts';
import { FIRST_DOMAIN } from './place-functions.ts';
import { busName, type LiveRoot } from './tree-order.ts';

/** Below a port, a bridge or a VMD, or on a root bus of the hardware. */
export type PlugPlace =
  | { readonly kind: 'below'; readonly bridge: LiveFunction }
  | { readonly kind: 'root'; readonly root: LiveRoot };

export interface Bus {
  readonly where: Where;
  readonly name: string;
  readonly segment: number;
  readonly number: number;
  /** The last number that may be given to what is below. */
  readonly last: number;
  /** The functions on it; changed in place. */
  readonly present: LiveFunction[];
  free(): FreeRanges;
}

/** @throws InvalidError for a function that leads nowhere */
export function busAt(state: MachineState, place: PlugPlace): Bus {
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
    name: `the root bus ${busName(root)}`,
    segment,
    number: bus,
    last: Math.min(0x100, ...above) - 1,
    present: functions,
    free() {
      const used = [
        ...occupied(state.roots.flatMap((r) => r.functions)),
        ...state.memory,
        ...configurationMemory(state),
      ];
      return { narrow: freeBetween([NARROW_WINDOW], used), wide: freeBetween([WIDE_WINDOW], used) };
    },
  };
}

/** Where configuration space is in memory (ECAM): a megabyte a bus. */
function configurationMemory({ firmware }: MachineState): readonly AddressRange[] {
  const windows = known(firmware.mcfg)?.windows ?? [];
  return windows.map(({ base, firstBus, lastBus }) => ({
    base: Number(base) + firstBus * MEGABYTE,
    size: (lastBus - firstBus + 1) * MEGABYTE,
  }));
}

const MEGABYTE = 2 ** 20;

/** What the functions of a bus have, and what lies in their windows. */
function occupied(functions: readonly LiveFunction[]): readonly AddressRange[] {
  return functions.flatMap((f) => [...memoryRanges(f), ...(forwardedRanges(f) ?? []), ...virtualSpan(f)]);
}

/** Runs of numbers that nothing has; at least one, which may be empty. */
export function freeNumbers({ number, last, present }: Bus): readonly (readonly [first: number, last: number])[] {
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
