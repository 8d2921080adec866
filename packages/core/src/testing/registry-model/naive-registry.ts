/**
 * @module The naive registry: no zones, no groups that are kept, no partitions. It holds what is there and who was given what,
 * and works out everything else from the definitions, pair by pair, each time it is asked.
 */
import type { InterferenceKind } from '../../kinds.ts';
import { KIND_FACTS } from '../../kinds.ts';
import type { Policy } from '../../policy.ts';
import type { Fact } from '../fake-machine.ts';

export interface NaiveDevice {
  readonly name: string;
  readonly bus: string;
  readonly parent: NaiveDevice | undefined;
  /** Names of the providers that see it, and of those that failed at it. */
  seenBy: Set<string>;
  unseenBy: Set<string>;
  /** Group that it was added to by hand. */
  hand: string | undefined;
  claim: NaiveClaim | undefined;
  /** Number of its domain. */
  domain: number | undefined;
  /** The kind of its quarantine. */
  quarantine: string | undefined;
}

export interface NaiveClaim {
  readonly number: number;
  readonly policy: Policy;
  readonly devices: Set<NaiveDevice>;
  /** Slot and the domain of the group that was in it. */
  readonly places: Map<string, () => number | undefined>;
  losses: ReadonlySet<string>;
}

export interface NaiveProvider {
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly busses: ReadonlySet<string>;
  serves(name: string): boolean;
}

export interface Naive {
  readonly devices: NaiveDevice[];
  readonly claims: NaiveClaim[];
  readonly providers: NaiveProvider[];
  policy: Policy;
  today: string;
}

export const isLive = (d: NaiveDevice): boolean => d.quarantine === undefined;

export function placeOf(d: NaiveDevice): string {
  return `${d.parent === undefined ? '' : `${placeOf(d.parent)}/`}${d.bus}/${d.name}`;
}

function accepted(policy: Policy, kind: InterferenceKind, today: string): boolean {
  return policy.acceptances.some((a) => a.kind === kind && (a.until === undefined || today <= a.until));
}

/** The kinds of interference between two devices. */
function kindsBetween({ providers }: Naive, a: NaiveDevice, b: NaiveDevice): readonly InterferenceKind[] {
  const kinds: InterferenceKind[] = [];
  for (const p of providers) {
    if (!a.seenBy.has(p.name) || !b.seenBy.has(p.name)) continue;
    for (const [x, y, kind] of p.facts) {
      if (KIND_FACTS[kind].joins !== 'device') continue;
      if ((x === a.name && y === b.name) || (x === b.name && y === a.name)) kinds.push(kind);
    }
  }
  const below = (child: NaiveDevice, parent: NaiveDevice): boolean =>
    child.seenBy.size === 0 && child.parent === parent;
  const siblings = a.seenBy.size === 0 && b.seenBy.size === 0 && a.parent !== undefined && a.parent === b.parent;
  if (below(a, b) || below(b, a) || siblings) kinds.push('same-requester');
  if (a.hand !== undefined && a.hand === b.hand) kinds.push('same-requester');
  return kinds;
}

/** The kinds of interference of a device with the host. */
function hostKinds({ providers }: Naive, d: NaiveDevice): readonly InterferenceKind[] {
  if (d.seenBy.size === 0) return d.parent === undefined ? ['untranslated'] : [];
  return providers.flatMap((p) => {
    if (!d.seenBy.has(p.name)) return [];
    return p.facts.filter(([x, , kind]) => x === d.name && KIND_FACTS[kind].joins === 'host').map(([, , kind]) => kind);
  });
}

/** All that can be reached from some devices, by what the policy does not accept, among those that `among` admits. */
export function reachable(
  naive: Naive,
  from: Iterable<NaiveDevice>,
  policy: Policy,
  among: (d: NaiveDevice) => boolean = isLive,
): ReadonlySet<NaiveDevice> {
  const reached = new Set(from);
  for (const a of reached) {
    for (const b of naive.devices) {
      if (a === b || !isLive(b) || !among(b)) continue;
      if (kindsBetween(naive, a, b).some((kind) => !accepted(policy, kind, naive.today))) reached.add(b);
    }
  }
  return reached;
}

/** The devices of the group of a device: what it reaches within its claim and its domain. */
export function groupOf(naive: Naive, d: NaiveDevice): ReadonlySet<NaiveDevice> {
  return reachable(naive, [d], naive.policy, (b) => b.claim === d.claim && b.domain === d.domain);
}

/** What leads out of a set under a policy: `host interrupts`, `device b`, `conflict a`, `unseen a`. */
export function obstacles(
  naive: Naive,
  set: Iterable<NaiveDevice>,
  belongs: (d: NaiveDevice) => boolean,
  policy: Policy,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const d of reachable(naive, set, policy)) {
    for (const kind of hostKinds(naive, d)) if (!accepted(policy, kind, naive.today)) found.add(`host ${kind}`);
    if (d.seenBy.size > 1) found.add(`conflict ${d.name}`);
    if (d.unseenBy.size > 0) found.add(`unseen ${d.name}`);
    if (!belongs(d)) found.add(`device ${d.name}`);
  }
  return found;
}

export function lossesOf(naive: Naive, claim: NaiveClaim): ReadonlySet<string> {
  return obstacles(naive, claim.devices, (d) => d.claim === claim, claim.policy);
}
