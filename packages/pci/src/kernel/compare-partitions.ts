/**
 * @module Comparing the groups that the rules give with those that the kernel made.
 */
import { formatAddress } from '../facts/address.ts';
import type { KernelGroup } from '../facts/machine.ts';
import type { Topology } from '../topology/topology.ts';

/** A function whose company differs. */
export interface PartitionDifference {
  readonly function: number;
  /** The others of its group that only the kernel puts there, and those that only the rules put there. */
  readonly onlyKernel: readonly number[];
  readonly onlyRules: readonly number[];
  readonly kernelGroup: number | undefined;
  readonly rulesGroup: number | undefined;
}

export interface PartitionComparison {
  readonly equal: boolean;
  readonly numbersEqual: boolean;
  readonly differences: readonly PartitionDifference[];
  /** Functions that are in both partitions with another number. */
  readonly renumbered: readonly number[];
}

export function comparePartitions(
  topology: Topology,
  groupOf: Int32Array,
  kernelGroups: readonly KernelGroup[],
): PartitionComparison {
  const { functions } = topology.machine;
  const indexOf = new Map(functions.map((f, i) => [formatAddress(f), i]));
  const theirs = new Int32Array(functions.length).fill(-1);
  for (const g of kernelGroups) {
    for (const name of g.members) {
      const i = indexOf.get(name);
      if (i !== undefined) theirs[i] = g.id;
    }
  }
  const ourMembers = byGroup(groupOf);
  const theirMembers = byGroup(theirs);

  const differences: PartitionDifference[] = [];
  const renumbered: number[] = [];
  for (let i = 0; i < functions.length; i++) {
    const ours = groupOf[i] as number;
    const kernel = theirs[i] as number;
    const mine = ourMembers.get(ours) ?? [];
    const other = theirMembers.get(kernel) ?? [];
    const onlyRules = ours < 0 ? [] : mine.filter((j) => kernel < 0 || theirs[j] !== kernel);
    const onlyKernel = kernel < 0 ? [] : other.filter((j) => ours < 0 || groupOf[j] !== ours);
    if (onlyRules.length > 0 || onlyKernel.length > 0) {
      differences.push({
        function: i,
        onlyKernel: onlyKernel.filter((j) => j !== i),
        onlyRules: onlyRules.filter((j) => j !== i),
        kernelGroup: kernel < 0 ? undefined : kernel,
        rulesGroup: ours < 0 ? undefined : ours,
      });
    } else if (ours !== kernel) renumbered.push(i);
  }
  return {
    equal: differences.length === 0,
    numbersEqual: differences.length === 0 && renumbered.length === 0,
    differences,
    renumbered,
  };
}

function byGroup(groupOf: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  groupOf.forEach((g, i) => {
    if (g < 0) return;
    const list = members.get(g);
    if (list === undefined) members.set(g, [i]);
    else list.push(i);
  });
  return members;
}
