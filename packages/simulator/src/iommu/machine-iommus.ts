/**
 * @module The IOMMU units of a simulated machine, as its firmware describes them and its kernel uses them.
 */
import type { Device, IommuOps } from '@isogroups/core';
import { type Analysis, analyse, known, type PciFunction, requesterIds } from '@isogroups/pci';
import { checksInterrupts } from '../fabric/interrupt-checks.ts';
import type { Translation } from '../fabric/translation.ts';
import type { SimulatedDevice } from '../machine/simulated-device.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';
import { createInterruptController, type InterruptController } from './interrupts.ts';
import { createIommu, type Iommu } from './iommu.ts';
import type { IommuKind } from './iommu-kind.ts';
import { sharedOps, translationOf } from './units.ts';

export interface MachineIommus {
  readonly units: readonly Iommu[];
  /** The unit that translates a device; undefined: none, or it is not in the machine. */
  unitOf(device: Device): Iommu | undefined;
  /**
   * For `createRegistry(machine, { iommuOpsOf })`: those of the driver for all units of a kind, so that a domain may have
   * groups behind several of them.
   */
  iommuOpsOf(device: Device): IommuOps | undefined;
  /** Requesters under which the DMA of a device can arrive: its own, aliases, and those of bridges above. */
  requestersOf(device: Device): readonly number[];
  /** For the router. */
  readonly translation: Translation;
  readonly interrupts: InterruptController;
}

/** What the machine says, at one generation of it. */
interface View {
  readonly generation: number;
  readonly analysis: Analysis;
  readonly indexOf: ReadonlyMap<Device, number>;
  /** Unit of every requester of a function; -1: none. */
  readonly unitOf: ReadonlyMap<number, number>;
  /** Units of what no function sends as, by segment: what is made up comes to one of them all the same. */
  readonly ofSegment: ReadonlyMap<number, number>;
}

/** @param atRest what the units do with devices that nobody programmed: `blocked` without it */
export function createIommus(machine: SimulatedMachine, atRest: 'blocked' | 'identity' = 'blocked'): MachineIommus {
  let view = viewOf(machine);
  const now = (): View => {
    if (view.generation !== machine.generation) view = viewOf(machine);
    return view;
  };
  const indexOf = (device: Device): number => {
    const { kind, parent } = device as SimulatedDevice;
    return now().indexOf.get(kind === 'software' ? parent : device) ?? -1;
  };
  const requestersOf = (device: Device): readonly number[] => {
    const i = indexOf(device);
    return i < 0 ? [] : requestersAt(now().analysis, i);
  };

  const units = view.analysis.input.coverage.units.map(({ name, kind }, unit) =>
    createIommu({
      name,
      kind,
      atRest,
      requestersOf: (device) => (unitNumberOf(device) === unit ? requestersOf(device) : []),
      admitsTranslated: (device) => {
        const f = now().analysis.machine.functions[indexOf(device)];
        return f !== undefined && (known(f.ats) ?? undefined)?.enabled === true;
      },
    }),
  );
  const unitNumberOf = (device: Device): number => {
    const i = indexOf(device);
    return i < 0 ? -1 : now().analysis.input.coverage.unitOf(i);
  };
  const unitOf = (device: Device): Iommu | undefined => units[unitNumberOf(device)];
  const opsOfKind = new Map(
    [...new Set(units.map(({ kind }) => kind))].map((kind) => [
      kind,
      sharedOps(
        kind,
        units.filter((unit) => unit.kind === kind),
        unitOf,
      ),
    ]),
  );

  return Object.freeze({
    units,
    unitOf,
    iommuOpsOf: (device: Device) => opsOfKind.get(unitOf(device)?.kind as IommuKind),
    requestersOf,
    translation: translationOf((requester) => {
      const { unitOf: ofRequester, ofSegment } = now();
      const unit = ofRequester.get(requester) ?? ofSegment.get(Math.floor(requester / 0x1_0000)) ?? -1;
      return units[unit];
    }),
    interrupts: createInterruptController(checksInterrupts(view.analysis.machine)),
  });
}

function viewOf(machine: SimulatedMachine): View {
  const analysis = analyse(machine.facts());
  const { coverage } = analysis.input;
  const unitOf = new Map<number, number>();
  const ofSegment = new Map<number, number>();
  analysis.machine.functions.forEach((f, i) => {
    const unit = coverage.unitOf(i);
    for (const requester of requestersAt(analysis, i)) unitOf.set(requester, unit);
    if (unit >= 0 && !ofSegment.has(f.segment)) ofSegment.set(f.segment, unit);
  });
  return {
    generation: machine.generation,
    analysis,
    indexOf: new Map(machine.functions.map((f, i) => [f, i])),
    unitOf,
    ofSegment,
  };
}

/** A function behind a VMD sends as the VMD, in the segment of that. */
function requestersAt({ input, machine }: Analysis, i: number): readonly number[] {
  const { functions } = machine;
  const f = functions[i] as PciFunction;
  const { segment } = f.dmaDevice < 0 ? f : (functions[f.dmaDevice] as PciFunction);
  return [...new Set(requesterIds(input.topology, input.aliases, i))].map((id) => segment * 0x1_0000 + id);
}
