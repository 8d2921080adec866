/**
 * @module What holds of every machine, however it was read: the whole way to groups ends, and comes out consistent.
 */
import { POLICIES, partition } from '@isogroups/core';
import { analyse, type Machine } from '@isogroups/pci';
import { machineFrom } from '@isogroups/simulator';
import { assert } from './invariants.ts';

export function checkMachine(machine: Machine): void {
  const simulated = machineFrom(machine).functions;
  assert(
    simulated.length === machine.functions.length,
    () => `${simulated.length} of ${machine.functions.length} functions can be simulated`,
  );
  machine.functions.forEach((f, i) => {
    assert(f.parent < i, () => `function ${i} comes before its parent ${f.parent}`);
  });
  const { graph, replay } = analyse(machine);
  for (const edge of graph.interferences) {
    for (const s of [...edge.actors, ...(edge.reach === 'host' ? [] : edge.reach)]) {
      assert(
        s.from >= 0 && s.from < s.to && s.to <= graph.parties.count,
        () => `span ${s.from}-${s.to} of ${edge.kind}`,
      );
    }
  }
  const strict = partition(graph, POLICIES.strict);
  const lab = partition(graph, POLICIES.lab);
  assert(strict.groupCount <= lab.groupCount, () => 'a stricter policy has more groups');
  for (const group of replay.groupOf)
    assert(group >= -1 && group < machine.functions.length + 1000, () => `group ${group}`);
}
