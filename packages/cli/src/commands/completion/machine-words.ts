/**
 * @module The words of a machine that shells offer: devices, and the names of groups.
 */
import { groupName, type Partition } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { deviceName, type Names } from '../../names.ts';
import { nameOf } from '../../sentences/party.ts';
import { kernelGroupsOf } from '../../targets.ts';

/** Lines of a word, a tab and what it is. Addresses as the other commands print them. */
export function deviceWords(analysis: Analysis, names: Names): readonly string[] {
  return analysis.machine.functions.map((f, i) => `${nameOf(analysis, i)}\t${deviceName(names, f)}`);
}

export function targetWords(analysis: Analysis, names: Names, partition: Partition): readonly string[] {
  const count = (n: number): string => `${n} device${n === 1 ? '' : 's'}`;
  const kernel = [...kernelGroupsOf(analysis)].map(
    ([id, members]) => `${id}\tkernel group of ${count(members.length)}`,
  );
  const own = Array.from({ length: partition.groupCount }, (_, g) => {
    const size = (partition.start[g + 1] as number) - (partition.start[g] as number);
    return `${groupName(partition, g)}\tgroup of ${count(size)}`;
  });
  return [...deviceWords(analysis, names), ...kernel, ...own];
}
