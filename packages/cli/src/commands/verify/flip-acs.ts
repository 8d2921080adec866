/**
 * @module The replay as it would have been with the ACS bits of one function the other way round.
 */
import {
  ACS_REQUIRED,
  type AcsCapability,
  type Analysis,
  analyseTopology,
  comparePartitions,
  isUnknown,
  known,
  type PciFunction,
  replay,
} from '@isogroups/pci';

export interface Flipped {
  /** Whether the kernel's groups and the replay agree about all of these functions. */
  makesEqual(functions: readonly number[]): boolean;
}

export function withAcsFlipped({ machine, rules, options }: Analysis, i: number): Flipped {
  const functions = machine.functions.map((f, k) => (k === i ? flipped(f) : f));
  const topology = analyseTopology({ ...machine, functions });
  const other = replay({ topology, rules, options, unknownIsIsolated: true });
  const { differences } = comparePartitions(topology, other.groupOf, known(machine.kernel.groups) ?? []);
  const differs = new Set(differences.map((d) => d.function));
  return { makesEqual: (these) => these.every((k) => !differs.has(k)) };
}

/** Where any bit that counts was off all are on, and the reverse. */
function flipped(f: PciFunction): PciFunction {
  const { acs } = f;
  if (isUnknown(acs) || acs === null || isUnknown(acs.control) || isUnknown(acs.capability)) return f;
  const wanted = acs.capability & ACS_REQUIRED;
  const control = (acs.control & wanted) === wanted ? acs.control & ~ACS_REQUIRED : acs.control | wanted;
  const capability: AcsCapability = { ...acs, control };
  return { ...f, acs: capability };
}
