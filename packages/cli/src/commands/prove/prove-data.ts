/**
 * @module The answer of `prove` as JSON.
 */
import { groupName } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import type { Escape, Proof } from '@isogroups/simulator';
import { interferenceData } from '../../data/interference-data.ts';
import { machineData } from '../../data/machine-data.ts';
import { policyData } from '../../data/policy-data.ts';
import { packetData, pathData } from '../attack/attack-data.ts';

export interface Proven {
  readonly analysis: Analysis;
  /** Whose groups were put to the proof. */
  readonly whose: 'graph' | 'kernel';
  readonly proof: Proof;
}

export function proveData({ analysis, whose, proof }: Proven): { readonly kind: string } & Record<string, unknown> {
  const { nameOf } = analysis.graph.parties;
  return {
    kind: 'prove',
    machine: machineData(analysis),
    policy: policyData(proof.groups.policy),
    groups: { of: whose, count: proof.groups.groupCount },
    packets: proof.attempts,
    escaped: proof.escaped,
    escapes: proof.escapes.map((out) => ({
      from: nameOf(out.party),
      packet: packetData(analysis, out.packet),
      reached: reachedData(out, proof, nameOf),
      path: pathData(analysis, out.path, out.outcome),
    })),
    interferences: {
      shown: proof.shown,
      undecided: proof.undecided,
      beyondPackets: proof.beyondPackets,
      notShown: proof.unshown.map(({ edge, idle, untouched }) => ({
        interference: interferenceData(analysis, edge),
        idle: idle.map(nameOf),
        untouched: untouched.map(nameOf),
      })),
    },
  };
}

function reachedData(
  { reached }: Escape,
  { groups }: Proof,
  nameOf: (party: number) => string,
): Record<string, unknown> {
  switch (reached.kind) {
    case 'function':
      return { kind: 'device', device: nameOf(reached.function) };
    case 'domain':
      return { kind: 'group-memory', group: groupName(groups, reached.domain) };
    default:
      return { kind: reached.kind };
  }
}
