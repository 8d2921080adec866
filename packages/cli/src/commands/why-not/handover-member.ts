/**
 * @module The devices of a handover one by one: how each came into it, its driver, whether it is in the way.
 */
import { accepts, type Interference, type Partition, shortestChain } from '@isogroups/core';
import {
  type ComesBy,
  type DriverVerdict,
  type HandoverSet,
  type KernelMembership,
  memberVerdict,
} from '@isogroups/host';
import { type Analysis, isUnknown } from '@isogroups/pci';
import { placeSentence } from '../../sentences/interference.ts';
import { nameOf } from '../../sentences/party.ts';

export interface HandoverMember {
  readonly device: string;
  /** `asked`, `kernel-group` (VFIO takes it along), `policy` (the policy does). */
  readonly comesBy: ComesBy['kind'];
  /** The member on whose account it comes along. */
  readonly with?: string;
  /** `peer-to-peer at port 00:1c.0`: what joins it to `with` under the policy. */
  readonly joinedBy?: string;
  /** Whether that is certain: a fact may be missing. */
  readonly joinCertain?: boolean;
  readonly kernelGroup: number | null;
  readonly bridge: boolean;
  /** null: none. Absent: not known. */
  readonly driver?: string | null;
  readonly blocks: DriverVerdict['blocks'];
  /** A clause that completes "0000:01:00.1 …". */
  readonly because: string;
}

/** Looking for a way costs a pass over the graph: of a group of thousands the first ones are explained. */
const MOST_EXPLAINED = 256;

/** In the order of the set, with the party of each. */
export function handoverMembers(
  analysis: Analysis,
  partition: Partition,
  kernel: KernelMembership,
  set: HandoverSet,
): readonly (readonly [party: number, member: HandoverMember])[] {
  const { parties } = analysis.graph;
  const wayTo = policyWays(analysis, partition);
  return [...set.members].map(([p, comesBy], k) => {
    const member: HandoverMember = {
      device: parties.nameOf(p),
      comesBy: comesBy.kind,
      ...(comesBy.kind === 'asked' ? {} : { with: parties.nameOf(comesBy.with) }),
      ...(comesBy.kind === 'policy' && k < MOST_EXPLAINED ? joinOf(analysis, wayTo(comesBy.with, p)) : {}),
      kernelGroup: kernel.groupOf(p)?.id ?? null,
      bridge: parties.isBridge(p),
      ...driverOf(analysis, p),
    };
    return [p, member] as const;
  });
}

/** The first interference on the shortest way from one member of a group to another. */
function policyWays(analysis: Analysis, { policy }: Partition): (a: number, b: number) => Interference | undefined {
  const accepted = accepts(policy, analysis.graph);
  const use = (edge: Interference): boolean => edge.reach !== 'host' && !accepted(edge);
  return (a, b) => shortestChain(analysis.graph, a, b, use)?.[0]?.edge;
}

function joinOf(analysis: Analysis, edge: Interference | undefined): Pick<HandoverMember, 'joinedBy' | 'joinCertain'> {
  if (edge === undefined) return {};
  const place = edge.where.kind === 'machine' ? '' : ` at ${placeSentence(analysis, edge.where)}`;
  return { joinedBy: `${edge.kind}${place}`, joinCertain: edge.undecided === undefined };
}

function driverOf(analysis: Analysis, p: number): Pick<HandoverMember, 'driver' | 'blocks' | 'because'> {
  const { driver, blocks, because } = memberVerdict(analysis, p);
  const endpoint = analysis.machine.functions[p]?.dmaDevice ?? -1;
  const vmd = endpoint < 0 ? '' : `; it goes when ${nameOf(analysis, endpoint)} is handed over (Intel VMD)`;
  return { ...(isUnknown(driver) ? {} : { driver }), blocks, because: `${because}${vmd}` };
}
