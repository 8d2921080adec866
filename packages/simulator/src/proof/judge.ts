/**
 * @module Whether what a packet reached is inside its group, or is what the policy's accepted interferences allow.
 *
 * A packet that uses an ability (a forged id, a translated request, a direct way to a peer) may go where the graph allows
 * it once the interferences that it uses are no longer accepted: those of a direct way at the place that let it by, those of
 * a forged id at the port that ought to have told; those with the host, of its kinds. The group that it is in then must
 * hold what it reached. Under a policy that accepts nothing that is the group itself.
 */
import {
  accepts,
  type Interference,
  type InterferenceKind,
  type Partition,
  POLICIES,
  partition,
} from '@isogroups/core';
import type { FabricFunction } from '../fabric/fabric.ts';
import type { Outcome } from '../fabric/outcome.ts';
import type { Packet } from '../fabric/packet.ts';
import { validates } from '../fabric/rules/source-validation.ts';
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
  const forgery = forgeryPlaces(subject.fabric.functions);
  const without = withoutAcceptances(groups);
  const stricter = new Map<string, Stricter>();

  return {
    judge(packet, outcome, party = packet.origin) {
      if (outcome.kind === 'stopped') return undefined;
      const isForged = !isOwnId(packet.origin, packet.requester);
      const isTranslated = packet.kind !== 'completion' && packet.translated;
      const used: InterferenceKind[] = [];
      const forged = isForged ? (forgery[packet.origin] as number) : undefined;
      const direct = outcome.kind === 'function' && outcome.past === 'peers' ? outcome.place : undefined;
      const under = (hostKinds: readonly InterferenceKind[]): Stricter => {
        const key = `${forged} ${direct} ${hostKinds.join(' ')}`;
        let found = stricter.get(key);
        if (found === undefined) {
          found = without({ forged, direct, hostKinds });
          stricter.set(key, found);
        }
        return found;
      };
      if (isTranslated) used.push('translated-requests');

      if (outcome.kind === 'interrupt') {
        used.push('interrupts');
        return under(used).reachesHost(party, ['interrupts']) ? undefined : { kind: 'interrupts' };
      }
      if (outcome.kind === 'function') {
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

/** The interferences that a packet uses. Places by index. */
interface Uses {
  /** Undefined: its id is its own. MACHINE: no port on its way tells. */
  readonly forged: number | undefined;
  /** Undefined: it went to the IOMMU. */
  readonly direct: number | undefined;
  /** Kinds of what reaches the host. */
  readonly hostKinds: readonly InterferenceKind[];
}

const MACHINE = -1;

function isUsed({ kind, where, reach }: Interference, { forged, direct, hostKinds }: Uses): boolean {
  if (reach === 'host') return hostKinds.includes(kind);
  const place = 'party' in where ? where.party : MACHINE;
  return (kind === 'forged-requester' && place === forged) || (kind === 'peer-to-peer' && place === direct);
}

/** For each function the nearest port above that checks requester ids: what is below one port of that sort looks alike. */
function forgeryPlaces(functions: readonly FabricFunction[]): readonly number[] {
  const places: number[] = [];
  // Parents come first.
  for (const { parent } of functions) {
    const above = functions[parent];
    places.push(above === undefined ? MACHINE : validates(above) ? parent : (places[parent] as number));
  }
  return places;
}

/** The groups once what a packet uses is accepted no more. */
function withoutAcceptances(groups: Partition): (uses: Uses) => Stricter {
  const { graph, policy } = groups;
  const isAccepted = accepts(policy, graph);
  const accepted = graph.interferences.filter(isAccepted);
  const others = graph.interferences.filter((edge) => !isAccepted(edge));
  return (uses) => {
    const used = accepted.filter((edge) => isUsed(edge, uses));
    const edges = used.length === 0 ? others : [...others, ...used];
    const isSame = used.every((edge) => edge.reach === 'host');
    return ask(isSame ? groups : partition({ ...graph, interferences: edges }, POLICIES.strict), edges);
  };
}

function ask(made: Partition, edges: readonly Interference[]): Stricter {
  const hostKinds = new Map<number, Set<InterferenceKind>>();
  for (const edge of edges) {
    if (edge.reach !== 'host') continue;
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
