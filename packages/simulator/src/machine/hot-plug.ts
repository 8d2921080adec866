/**
 * @module A device comes while the machine runs, with what the firmware kept free for it: bus numbers below the port and
 * addresses in its windows.
 */
import { BusyError, OutOfRangeError } from '@isogroups/core';
import { diagnostic } from '@isogroups/pci';
import type { Slot } from '../language/description.ts';
import { DescriptionError } from '../language/description-error.ts';
import { findSlotFault } from '../language/find-fault.ts';
import { everyFunction, namesIn } from '../language/walk-description.ts';
import { assignAddresses } from './assign-addresses.ts';
import { buildFunctions, byAddress } from './build-functions.ts';
import { type Bus, busAt, freeNumbers, type PlugPlace } from './bus-at.ts';
import type { LiveFunction } from './live-device.ts';
import type { MachineState } from './machine-state.ts';
import { type BusContext, busNumbers, type PlacedFunction, placeOnBus } from './place-functions.ts';
import { withAllBelow } from './subtree.ts';

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
