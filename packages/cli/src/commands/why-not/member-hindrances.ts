/**
 * @module Members of a handover that are in the way: bridges that were asked for, and devices that the host uses.
 */
import type { Partition } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { listNames, nameOf } from '../../sentences/party.ts';
import { shortNames } from '../../sentences/short-names.ts';
import type { HandoverMember } from './handover-member.ts';
import type { Hindrance } from './hindrance.ts';
import { acceptancesThatPart } from './part-by-accepting.ts';
import { instruction } from './steps.ts';

/** What would part two devices takes several passes over the graph to find out. */
const MOST_ADVISED = 16;

export function memberHindrances(
  analysis: Analysis,
  partition: Partition,
  members: readonly (readonly [party: number, member: HandoverMember])[],
): readonly Hindrance[] {
  const partyOf = new Map(members.map(([p, m]) => [m.device, p]));
  let advised = 0;
  return members.flatMap(([p, m]): readonly Hindrance[] => {
    if (m.comesBy === 'asked' && m.bridge) return [isBridge(analysis, p, m)];
    if (m.blocks === 'no') return [];
    if (m.comesBy !== 'policy' || ++advised > MOST_ADVISED) return [hasDriver(analysis, p, m)];
    const acceptedBy = acceptancesThatPart(analysis, partition, partyOf.get(m.with as string) as number, p);
    return [{ ...hasDriver(analysis, p, m), ...(acceptedBy === undefined ? {} : { acceptedBy }) }];
  });
}

function isBridge(analysis: Analysis, p: number, { device }: HandoverMember): Hindrance {
  const ends = endpointsBelow(analysis, p);
  const names = ends.length === 0 ? 'there is none' : listNames(analysis, ends, 8);
  return {
    kind: 'is-bridge',
    refusedBy: ['kernel'],
    certain: true,
    device,
    text: `${nameOf(analysis, p)} is a bridge, and VFIO takes only endpoints`,
    steps: [instruction(`name an endpoint behind it: ${names}`)],
  };
}

function endpointsBelow({ topology, graph }: Analysis, bridge: number): readonly number[] {
  const ends: number[] = [];
  if (bridge >= topology.count) return ends;
  for (let i = topology.belowFrom[bridge] as number; i < (topology.belowTo[bridge] as number); i++) {
    if (!graph.parties.isBridge(i)) ends.push(i);
  }
  return ends;
}

function hasDriver(analysis: Analysis, p: number, m: HandoverMember): Hindrance {
  const byPolicy = m.comesBy === 'policy';
  const certain = m.blocks === 'yes' && m.joinCertain !== false;
  const join = byPolicy ? `, and ${m.joinedBy ?? 'the policy'} joins it to ${shortNames(analysis)(m.with ?? '')}` : '';
  const decidedBy =
    m.blocks === 'yes' ? 'reading configuration space as root' : 'a source that tells the drivers (/sys, lspci -k)';
  return {
    kind: 'driver',
    refusedBy: [byPolicy ? 'policy' : 'kernel'],
    certain,
    device: m.device,
    ...(m.driver ? { driver: m.driver } : {}),
    text: `${nameOf(analysis, p)} ${m.because}${join}`,
    ...(certain ? {} : { decidedBy }),
    steps: [],
  };
}
