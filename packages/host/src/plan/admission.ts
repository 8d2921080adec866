/**
 * @module Whether a policy admits the claim: no group of its members may hold the host.
 */
import { assignability, groupName, type Partition, spansHold } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { type Refusal, refusal } from './refusal.ts';

/** @param moving Parties that are handed over. */
export function policyRefusals(
  { graph }: Analysis,
  partition: Partition,
  moving: readonly number[],
): readonly Refusal[] {
  const groups = new Set(moving.map((p) => partition.groupOf[p] as number));
  return [...groups].flatMap((group) => {
    const verdict = assignability(partition, group);
    if (verdict === 'yes') return [];
    const member = moving.find((p) => partition.groupOf[p] === group) as number;
    const kinds = partition.hostEdges.filter((e) => spansHold(e.actors, member)).map((e) => e.kind);
    const why = [...new Set(kinds)].join(', ') || 'another member of its group can';
    const device = graph.parties.nameOf(member);
    const says = `${device} ${verdict === 'no' ? 'can' : 'perhaps can'} disturb the host (${why}), which policy ${partition.policy.name} does not accept: group ${groupName(partition, group)}`;
    return [refusal('policy', says, `isogroups why-not ${device} says what would help`, device)];
  });
}
