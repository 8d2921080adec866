/**
 * @module The proof that graph and hardware agree on a machine.
 *
 * *Sound*: no packet of any function gets out of its group, apart from what the policy's accepted interferences allow.
 * *Tight*: every decided interference of a kind that packets can show is shown, at every one of its ends.
 */
import type { Interference, Partition } from '@isogroups/core';
import { requesterId } from '@isogroups/pci';
import type { FabricFunction } from '../fabric/fabric.ts';
import type { Hop, Outcome } from '../fabric/outcome.ts';
import type { Packet } from '../fabric/packet.ts';
import { attemptsOf } from './attempts.ts';
import { programmedIds } from './forgeable-ids.ts';
import type { Reached } from './judge.ts';
import { SHARED_ADDRESS } from './memory-plan.ts';
import { provingGround } from './proving-ground.ts';
import type { ProofSubject } from './subject.ts';
import { createWitnesses, type Shown } from './witness.ts';

export interface Escape {
  /** On whose behalf the packet was sent: its origin, or a device that sends through that. */
  readonly party: number;
  readonly packet: Packet;
  readonly outcome: Outcome;
  readonly reached: Reached;
  readonly path: readonly Hop[];
}

export interface Unshown extends Shown {
  readonly edge: Interference;
}

export interface Proof {
  readonly groups: Partition;
  /** Packets that were sent. */
  readonly attempts: number;
  /** How many of them got out, and the first of every pair of origin and what it reached. */
  readonly escaped: number;
  readonly escapes: readonly Escape[];
  readonly shown: number;
  readonly unshown: readonly Unshown[];
  /** Interferences that rest on a fact that was not read. */
  readonly undecided: number;
  /** Interferences that no packet can show: shared resets, and what joins nothing but bridges without registers. */
  readonly beyondPackets: number;
}

/** @param groups of `subject.graph` under a policy, or another partition of its parties that claims to be as good. */
export function prove(subject: ProofSubject, groups: Partition): Proof {
  const { fabric, graph } = subject;
  const { router, table, judge, arrivalsOf } = provingGround(subject, groups);
  const bySegment = new Map(
    [...new Set(fabric.functions.map((f) => f.segment))].map((s) => [s, programmedIds(table.entries, s)]),
  );

  let attempts = 0;
  let escaped = 0;
  const escapes = new Map<string, Escape>();
  const attempt = (packet: Packet, party: number): void => {
    attempts++;
    const outcome = router.route(packet);
    if (outcome.kind === 'stopped') return;
    const reached = judge.judge(packet, outcome, party);
    if (reached === undefined) return;
    escaped++;
    const key = `${party} ${JSON.stringify(reached)}`;
    if (escapes.has(key)) return;
    const path: Hop[] = [];
    router.route(packet, path);
    escapes.set(key, { party, packet, outcome, reached, path });
  };

  fabric.functions.forEach((f, origin) => {
    // Nobody is handed a bridge: what goes through it is the traffic of others, and a host bridge sends nothing.
    if (f.isBridge || f.isHostBridge) return;
    const otherDomain = groups.groupCount < 2 ? undefined : groups.groupOf[origin] === 0 ? 1 : 0;
    const programmed = bySegment.get(f.segment) ?? new Map();
    for (const packet of attemptsOf(subject, origin, programmed, otherDomain)) attempt(packet, origin);
  });
  // What sends through a function does all that the function does; one packet tells whether the two are in one group.
  for (const { party, through } of subject.children) {
    const requester = requesterId(fabric.functions[through] as FabricFunction);
    attempt({ kind: 'read', origin: through, requester, address: SHARED_ADDRESS, translated: false }, party);
  }

  const witnesses = createWitnesses(subject, router, arrivalsOf);
  const decided = graph.interferences.filter((e) => e.undecided === undefined);
  let shown = 0;
  const unshown: Unshown[] = [];
  for (const edge of decided) {
    const ends = witnesses.show(edge);
    if (ends === undefined) continue;
    if (ends.idle.length === 0 && ends.untouched.length === 0) shown++;
    else unshown.push({ edge, ...ends });
  }
  return {
    groups,
    attempts,
    escaped,
    escapes: [...escapes.values()],
    shown,
    unshown,
    undecided: graph.interferences.length - decided.length,
    beyondPackets: decided.length - shown - unshown.length,
  };
}
