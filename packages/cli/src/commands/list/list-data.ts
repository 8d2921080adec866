/**
 * @module The answer of `list` as JSON.
 */
import { placeName } from '@isogroups/core';
import type { Answer } from '../../command.ts';
import { deviceData } from '../../data/device-data.ts';
import { machineData } from '../../data/machine-data.ts';
import { policyData } from '../../data/policy-data.ts';
import type { Names } from '../../names.ts';
import { interferenceSentence } from '../../sentences/interference.ts';
import type { Listing } from './listing.ts';

export function listData(found: Listing, names: Names): Answer['data'] {
  const { analysis, partition, groups, differences, questions } = found;
  return {
    kind: 'list',
    machine: machineData(analysis),
    policy: policyData(partition.policy),
    kernelGroupsFrom: found.numbersFrom,
    groups: groups.map((g) => ({
      name: g.name,
      assignable: g.assignable,
      unit: analysis.graph.parties.unitOf(g.members[0] as number) ?? null,
      kernelGroups: g.kernelGroups,
      members: g.members.map((party) => deviceData(analysis, names, party)),
      because: g.because,
      obstacles: g.obstacles.map((edge) => ({
        kind: edge.kind,
        where: placeName(analysis.graph, edge.where),
        says: interferenceSentence(analysis, edge),
        undecided:
          edge.undecided === undefined ? null : { unknown: edge.undecided.why, decidedBy: edge.undecided.decidedBy },
      })),
    })),
    differences: differences.map((d) => ({
      sort: d.sort,
      kernelGroups: d.kernelGroups,
      groups: d.groups.map((g) => (groups[g] as (typeof groups)[number]).name),
      says: d.says,
    })),
    undecided: questions,
  };
}
