/**
 * @module What a proof is about: the fabric, what the units translate, and the graph that it is to be compared with.
 */
import type { InterferenceGraph } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import type { Fabric } from '../fabric/fabric.ts';
import { fabricOfMachine } from '../fabric/fabric-of-machine.ts';
import { type FirmwareMemory, firmwareMemoryOf } from './firmware-memory.ts';

export interface ProofSubject {
  readonly fabric: Fabric;
  readonly graph: InterferenceGraph;
  /** Whether a unit translates what function `i` sends under its own id. */
  isTranslated(i: number): boolean;
  /** Whether a unit looks at what comes from a segment: then an id that nothing is programmed for is refused. */
  hasUnit(segment: number): boolean;
  /** The name under which the unit knows function `i`, where its tables can give several functions one. */
  streamOf(i: number): string | undefined;
  readonly firmwareMemory: readonly FirmwareMemory[];
  /** Party of each device that sends through a function, and that function. */
  readonly children: readonly { readonly party: number; readonly through: number }[];
}

/**
 * A machine as it was analysed. Which functions a unit translates is the state that the host has put its units in, and
 * taken from there; the fabric is read from registers.
 */
export function subjectOf({ machine, input, graph }: Analysis): ProofSubject {
  const { coverage } = input;
  const segments = new Set<number>();
  machine.functions.forEach((f, i) => {
    if (coverage.unitOf(i) >= 0) segments.add(f.segment);
  });
  return {
    fabric: fabricOfMachine(machine, input.acsContext),
    graph,
    isTranslated: (i) => coverage.unitOf(i) >= 0 && coverage.undecided === undefined,
    hasUnit: (segment) => segments.has(segment),
    streamOf: (i) => coverage.seenAs?.(i),
    firmwareMemory: firmwareMemoryOf(machine),
    children: machine.others.flatMap((o, k) =>
      o.parent < 0 ? [] : [{ party: machine.functions.length + k, through: o.parent }],
    ),
  };
}
