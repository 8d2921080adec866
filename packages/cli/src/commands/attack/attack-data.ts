/**
 * @module The answer of `attack` as JSON.
 */
import { groupName, type Partition } from '@isogroups/core';
import { type Analysis, formatRequesterId } from '@isogroups/pci';
import { domainOfPage, type Hop, type Outcome, type Packet } from '@isogroups/simulator';
import { hexData } from '../../data/fact-data.ts';
import { machineData } from '../../data/machine-data.ts';
import { policyData } from '../../data/policy-data.ts';
import { endWords, hopWords } from '../../sentences/hop.ts';
import type { Aim } from './aim.ts';

export interface Attack {
  readonly analysis: Analysis;
  readonly groups: Partition;
  readonly from: number;
  readonly aim: Aim;
  readonly packet: Packet;
  readonly outcome: Outcome;
  readonly path: readonly Hop[];
  /** Whether it ended where it was aimed at. */
  readonly hits: boolean;
  /** Whether it got out of its group, past what the policy accepts. */
  readonly escapes: boolean;
}

export function attackData(found: Attack): { readonly kind: string } & Record<string, unknown> {
  const { analysis, groups, packet, outcome, aim } = found;
  return {
    kind: 'attack',
    machine: machineData(analysis),
    policy: policyData(groups.policy),
    from: analysis.graph.parties.nameOf(found.from),
    target: { kind: aim.kind, device: aim.kind === 'device' ? analysis.graph.parties.nameOf(aim.party) : null },
    packet: packetData(analysis, packet),
    reached: reachedData(analysis, groups, outcome),
    hits: found.hits,
    escapes: found.escapes,
    path: pathData(analysis, found.path, outcome),
  };
}

export function packetData(analysis: Analysis, packet: Packet): Record<string, unknown> {
  const requester = formatRequesterId(packet.requester);
  return packet.kind === 'completion'
    ? { sort: 'completion', requester, to: analysis.graph.parties.nameOf(packet.destination) }
    : { sort: packet.kind, requester, address: hexData(packet.address), translated: packet.translated };
}

/** Null: stopped on the way. */
function reachedData(analysis: Analysis, groups: Partition, outcome: Outcome): Record<string, unknown> | null {
  switch (outcome.kind) {
    case 'stopped':
      return null;
    case 'function':
      return { kind: 'device', device: analysis.graph.parties.nameOf(outcome.function) };
    case 'interrupt':
      return { kind: 'interrupts' };
    case 'memory': {
      const group = domainOfPage(outcome.address);
      return group === undefined
        ? { kind: 'host-memory', address: hexData(outcome.address) }
        : { kind: 'group-memory', group: groupName(groups, group) };
    }
  }
}

export function pathData(
  analysis: Analysis,
  path: readonly Hop[],
  outcome: Outcome,
): readonly { readonly at: string; readonly says: string }[] {
  return [...path.map((hop) => hopWords(analysis, hop)), endWords(analysis, outcome)];
}
