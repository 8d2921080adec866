/**
 * @module Where the kernel's groups are not ours: which of its groups can reach each other, and what it keeps together
 * although nothing lets it meet.
 */
import { type Interference, membersOf, type Partition } from '@isogroups/core';
import { type Analysis, formatAddress, known } from '@isogroups/pci';
import type { GroupEdges } from '../group-edges.ts';
import { joinSentence } from './join.ts';
import { meetings } from './meeting.ts';
import { listNames, listWords, nameOf, partiesOf } from './party.ts';

export interface KernelDifference {
  readonly sort: 'joined-by-us' | 'joined-by-kernel';
  /** Numbers of the kernel's groups that it is about. */
  readonly kernelGroups: readonly number[];
  /** Our groups that it is about, by their index. */
  readonly groups: readonly number[];
  /** One sentence, without its full stop. */
  readonly says: string;
}

/** The kernel's group of every party, -1 for none: its own numbers, or those that its rules give where the source has none. */
export function kernelGroupNumbers({ machine, replay, graph }: Analysis): Int32Array {
  const numbers = new Int32Array(graph.parties.count).fill(-1);
  const groups = known(machine.kernel.groups);
  if (groups === undefined) {
    numbers.set(replay.groupOf);
    return numbers;
  }
  const numberOf = new Map(groups.flatMap((g) => g.members.map((name) => [name, g.id] as const)));
  machine.functions.forEach((f, i) => {
    numbers[i] = numberOf.get(formatAddress(f)) ?? -1;
  });
  machine.others.forEach((o, k) => {
    numbers[machine.functions.length + k] = numberOf.get(o.name) ?? -1;
  });
  return numbers;
}

export function kernelDifferences(
  analysis: Analysis,
  groups: Partition,
  edges: GroupEdges,
  numbers: Int32Array,
): readonly KernelDifference[] {
  const found: KernelDifference[] = [];
  for (let g = 0; g < groups.groupCount; g++) {
    const theirs = distinct(membersOf(groups, g), numbers);
    if (theirs.length < 2) continue;
    const crossing = edges.inside(g).filter((edge) => distinct(ends(edge), numbers).length > 1);
    const told: (readonly number[])[] = [];
    // The widest meeting first; one between groups that another has brought together says nothing new.
    const places = meetings(analysis, crossing)
      .map((m) => ({ ...m, ids: distinct(m.edges.flatMap(ends), numbers) }))
      .sort((a, b) => b.ids.length - a.ids.length);
    for (const { through, because, edges: here, ids } of places) {
      if (told.some((other) => ids.every((id) => other.includes(id)))) continue;
      told.push(ids);
      const can = here.every((edge) => edge.undecided !== undefined) ? 'may be able to' : 'can';
      found.push({
        sort: 'joined-by-us',
        kernelGroups: ids,
        groups: [g],
        says: `groups ${listWords(ids.map(String), 8)} of the kernel ${can} reach each other through ${through}: ${because}`,
      });
    }
  }
  return [...found, ...joinedByKernel(analysis, groups, numbers)];
}

function joinedByKernel(analysis: Analysis, groups: Partition, numbers: Int32Array): readonly KernelDifference[] {
  const members = new Map<number, number[]>();
  numbers.forEach((id, p) => {
    if (id < 0) return;
    const list = members.get(id);
    if (list === undefined) members.set(id, [p]);
    else list.push(p);
  });
  const found: KernelDifference[] = [];
  for (const [id, parties] of members) {
    // Where a bridge is listed changes nothing for those whose traffic it carries.
    const ends = parties.filter((p) => !analysis.graph.parties.isBridge(p));
    const ours = distinct(ends, groups.groupOf);
    if (ours.length < 2) continue;
    found.push({
      sort: 'joined-by-kernel',
      kernelGroups: [id],
      groups: ours,
      says: `the kernel keeps ${listNames(analysis, parties)} in its group ${id}, although nothing that is known here lets all of them disturb each other${reason(analysis, groups, parties)}`,
    });
  }
  return found;
}

/** The first join of the kernel's that has no counterpart in the graph. */
function reason(analysis: Analysis, groups: Partition, parties: readonly number[]): string {
  for (const p of parties) {
    const join = analysis.replay.joinOf[p];
    if (join === undefined || join.rule === 'new') continue;
    if (groups.groupOf[p] === groups.groupOf[join.witness]) continue;
    return `; of ${nameOf(analysis, p)} its rules say: ${joinSentence(analysis, p)}`;
  }
  return '';
}

function ends(edge: Interference): readonly number[] {
  return partiesOf(edge.reach === 'host' ? edge.actors : [...edge.actors, ...edge.reach]);
}

/** Values of the parties, ascending, without -1. */
function distinct(parties: Iterable<number>, values: Int32Array): readonly number[] {
  const set = new Set<number>();
  for (const p of parties) {
    const v = values[p] as number;
    if (v >= 0) set.add(v);
  }
  return [...set].sort((a, b) => a - b);
}
