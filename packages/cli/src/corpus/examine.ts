/**
 * @module One machine of a collection: do the rules give the kernel's groups?
 */
import { CannotReadMachine, openMachine } from '@isogroups/inventory';
import { type Analysis, analyse, isUnknown, type KernelGroup, known, type Machine, unknown } from '@isogroups/pci';
import { type VerifyDifference, verify } from '../commands/verify/verification.ts';
import { type BesideFacts, readBeside } from './beside.ts';
import type { MachineFolder } from './find-machines.ts';

export interface Examined {
  readonly name: string;
  /** Undefined: a whole machine. Otherwise what the collection calls it. */
  readonly level: string | undefined;
  /**
   * `possible`: nothing tells the order in which drivers were bound, and the kernel's partition is one of the outcomes
   * that are named.
   */
  readonly partition: 'equal' | 'possible' | 'different' | 'nothing-to-compare' | 'unreadable';
  /** Numbers count where nothing but the rules decides them: VT-d and AMD-Vi with their tables. */
  readonly numbers: 'equal' | 'different' | 'not-compared';
  readonly iommu: string;
  readonly devices: number;
  readonly differences: readonly VerifyDifference[];
  /** With what an outcome that the rules allow as well would be equal; undefined where none is. */
  readonly equalWhen: string | undefined;
  /** Sentences. */
  readonly notes: readonly string[];
}

export async function examine(folder: MachineFolder): Promise<Examined> {
  const beside = readBeside(folder);
  const level = beside.level === 'full' ? undefined : beside.level;
  const nothing = {
    name: folder.name,
    level,
    iommu: '',
    devices: 0,
    differences: [],
    equalWhen: undefined,
    numbers: 'not-compared',
  } as const;
  let machine: Machine;
  try {
    machine = withBeside(await openMachine(folder.machine), beside);
  } catch (error) {
    if (!(error instanceof CannotReadMachine)) throw error;
    return { ...nothing, partition: 'unreadable', notes: [error.message] };
  }
  const analysis = analyse(machine);
  const notes = disagreements(machine, beside);
  const found = verify(analysis);
  if (found === undefined)
    return { ...nothing, devices: machine.functions.length, partition: 'nothing-to-compare', notes };
  const numbersCount =
    folder.kind === 'snapshot' && analysis.replay.coverage.units.some(({ kind }) => NUMBERED.has(kind));
  return {
    name: folder.name,
    level,
    iommu: iommuOf(analysis),
    devices: found.devices,
    partition: found.partitionEqual ? 'equal' : isNamed(analysis, found.alternatives) ? 'possible' : 'different',
    numbers: !numbersCount ? 'not-compared' : found.numbersEqual ? 'equal' : 'different',
    differences: found.differences,
    equalWhen: found.alternatives.find((a) => a.equal)?.when,
    notes: [
      ...notes,
      ...(numbersCount && found.partitionEqual && !found.numbersEqual ? [renumbering(found.renumbered)] : []),
    ],
  };
}

const NUMBERED: ReadonlySet<string> = new Set(['vt-d', 'amd-vi']);

function iommuOf({ replay }: Analysis): string {
  return [...new Set(replay.coverage.units.map((u) => u.kind))].join('+') || 'none';
}

function isNamed({ replay }: Analysis, alternatives: readonly { readonly equal: boolean }[]): boolean {
  return replay.order === 'drivers' && alternatives.some((a) => a.equal);
}

function renumbering(
  renumbered: readonly { readonly device: string; readonly kernel: number; readonly rules: number }[],
): string {
  const some = renumbered.slice(0, 6).map((r) => `${r.device} is ${r.kernel}, by the rules ${r.rules}`);
  return `other numbers: ${some.join('; ')}${renumbered.length > 6 ? `; and ${renumbered.length - 6} more` : ''}`;
}

/** The machine with what its own source did not tell and a file beside it does. */
function withBeside(machine: Machine, { groups, kernel, commandLine }: BesideFacts): Machine {
  const facts = machine.kernel;
  return {
    ...machine,
    kernel: {
      ...facts,
      groups: isUnknown(facts.groups) && groups !== undefined ? asGroups(groups) : facts.groups,
      release: isUnknown(facts.release) && kernel !== undefined ? kernel : facts.release,
      commandLine: isUnknown(facts.commandLine) && commandLine !== undefined ? commandLine : facts.commandLine,
    },
  };
}

function asGroups(groups: ReadonlyMap<string, number>): readonly KernelGroup[] {
  const members = new Map<number, string[]>();
  for (const [device, id] of groups) {
    const list = members.get(id);
    if (list === undefined) members.set(id, [device]);
    else list.push(device);
  }
  const notTold = unknown('the list of groups does not tell', 'a snapshot of the machine');
  return [...members].map(([id, names]) => ({ id, members: names, type: notTold, reservedRegions: notTold }));
}

/** A capture and the file beside it tell the same; where not, one of the two is damaged. */
function disagreements({ kernel }: Machine, { groups }: BesideFacts): readonly string[] {
  const own = known(kernel.groups);
  if (own === undefined || groups === undefined) return [];
  const told = new Map(own.flatMap((g) => g.members.map((m) => [m, g.id] as const)));
  const names = new Set([...told.keys(), ...groups.keys()]);
  const differ = [...names].filter((name) => told.get(name) !== groups.get(name));
  if (differ.length === 0) return [];
  return [
    `the capture and the list beside it differ about ${differ.slice(0, 6).join(', ')}${differ.length > 6 ? ' and others' : ''}`,
  ];
}
