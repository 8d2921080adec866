/**
 * @module Whether what a packet reached is inside its group, or is what the policy's accepted interferences allow.
 *
 * A packet that uses an ability (a forged id, a translated request, a direct way to a peer) may go where the graph allows
 * it once interferences of *those* kinds are no longer accepted: the group that it is in then must hold what it reached.
 * Under a policy that accepts nothing that is the group itself.
 */
import {
  accepts,
  type InterferenceGraph,
  type InterferenceKind,
  type Partition,
  type Policy,
  partition,
} from '@isogroups/core';
import type { Outcome } from '../fabric/outcome.ts';
import type { Packet } from '../fabric/packet.ts';
import { domainOfPage } from './memory-plan.ts';
import type { Entry } from './requester-table.ts';
import type { ProofSubject } from './subject.ts';

export interface Judge {
  /**
   * Undefined: as it should be. Otherwise what was reached that should not be.
   *
   * @param party on whose behalf the packet was sent: its origin, or a device that sends through that.
   */
  judge(packet: Packet, outcome: Outcome, party?: number): Reached | undefined;
}

/** Functions by index, domains by group. */
export type Reached =
  | { readonly kind: 'function'; readonly function: number }
  | { readonly kind: 'domain'; readonly domain: number }
  | { readonly kind: 'host-memory' }
  | { readonly kind: 'interrupts' };

const THROUGH: readonly InterferenceKind[] = ['untranslated', 'translated-requests'];

/**
 * @param groups the groups under test: the graph's under the policy, or others that claim to be as good.
 * @param isOwnId whether a function uses a 16-bit id of right.
 */
export function createJudge(
  subject: ProofSubject,
  groups: Partition,
  entries: ReadonlyMap<number, Entry>,
  isOwnId: (function_: number, id: number) => boolean,
): Judge {
  const firstMember = (domain: number): number => groups.members[groups.start[domain] as number] as number;
  const stricter = new Map<string, Stricter>();
  const under = (used: readonly InterferenceKind[]): Stricter => {
    const key = used.join(' ');
    let found = stricter.get(key);
    if (found === undefined) {
      found = withoutAcceptances(subject.graph, groups, used);
      stricter.set(key, found);
    }
    return found;
  };

  return {
    judge(packet, outcome, party = packet.origin) {
      if (outcome.kind === 'stopped') return undefined;
      const isForged = !isOwnId(packet.origin, packet.requester);
      const isTranslated = packet.kind !== 'completion' && packet.translated;
      const used: InterferenceKind[] = [];
      if (isForged) used.push('forged-requester');
      if (isTranslated) used.push('translated-requests');

      if (outcome.kind === 'interrupt') {
        used.push('interrupts');
        return under(used).reachesHost(party, ['interrupts']) ? undefined : { kind: 'interrupts' };
      }
      if (outcome.kind === 'function') {
        if (outcome.past === 'peers') used.push('peer-to-peer');
        const groups = under(used);
        const isAllowed =
          groups.areTogether(party, outcome.function) ||
          (outcome.past === 'iommu' && groups.reachesHost(party, THROUGH));
        return isAllowed ? undefined : { kind: 'function', function: outcome.function };
      }

      const domain = domainOfPage(outcome.address);
      if (domain !== undefined) {
        const groups = under(used);
        const isByItself = entries.get(outcome.requester)?.domain === domain && !isTranslated;
        const isAllowed =
          groups.areTogether(party, firstMember(domain)) || (!isByItself && groups.reachesHost(party, THROUGH));
        return isAllowed ? undefined : { kind: 'domain', domain };
      }
      const ranges = subject.firmwareMemory.map((m) => m.range);
      const isFirmwares = ranges.some((r) => outcome.address >= r.first && outcome.address <= r.last);
      if (isFirmwares) used.push('firmware-memory');
      const through: readonly InterferenceKind[] = isFirmwares ? [...THROUGH, 'firmware-memory'] : THROUGH;
      return under(used).reachesHost(party, through) ? undefined : { kind: 'host-memory' };
    },
  };
}

interface Stricter {
  areTogether(a: number, b: number): boolean;
  /** Whether the group of `a` has an interference of one of the kinds with the host. */
  reachesHost(a: number, kinds: readonly InterferenceKind[]): boolean;
}

/** The groups once the kinds are accepted no more. */
function withoutAcceptances(graph: InterferenceGraph, groups: Partition, used: readonly InterferenceKind[]): Stricter {
  const left = groups.policy.acceptances.filter((a) => !used.includes(a.kind));
  const policy: Policy = { name: groups.policy.name, acceptances: left };
  const isSame = left.length === groups.policy.acceptances.length;
  const made = isSame ? groups : partition(graph, policy);
  const hostKinds = new Map<number, Set<InterferenceKind>>();
  const isAccepted = accepts(policy, graph);
  for (const edge of graph.interferences) {
    if (edge.reach !== 'host' || isAccepted(edge)) continue;
    for (const span of edge.actors) {
      for (let i = span.from; i < span.to; i++) {
        const group = made.groupOf[i] as number;
        const kinds = hostKinds.get(group);
        if (kinds === undefined) hostKinds.set(group, new Set([edge.kind]));
        else kinds.add(edge.kind);
      }
    }
  }
  return {
    areTogether: (a, b) => made.groupOf[a] === made.groupOf[b],
    reachesHost: (a, kinds) => {
      const has = hostKinds.get(made.groupOf[a] as number);
      return has !== undefined && kinds.some((kind) => has.has(kind));
    },
  };
}
