/**
 * @module One machine put to the proof under the policies that matter: what accepts nothing, the default, and what accepts
 * direct ways at one place alone, for a few of the places that have one.
 */
import { extendPolicy, type InterferenceGraph, POLICIES, type Policy, partition, placeName } from '@isogroups/core';
import { type Analysis, analyse, formatRequesterId, type Machine } from '@isogroups/pci';
import { type Escape, type Proof, prove, subjectOf } from '@isogroups/simulator';

/** Single places that are accepted, one after the other. */
const PLACES = 3;

function policiesFor(graph: InterferenceGraph): readonly Policy[] {
  const direct = graph.interferences.filter((e) => e.kind === 'peer-to-peer' && e.undecided === undefined);
  const places = [...new Set(direct.map((e) => placeName(graph, e.where)))];
  const some = places.filter((_, k) => k % Math.ceil(places.length / PLACES) === 0);
  const single = some.map((where) => extendPolicy(POLICIES.strict, [{ kind: 'peer-to-peer', where }]));
  return [POLICIES.strict, POLICIES.default, ...single];
}

export interface MachineProof {
  readonly packets: number;
  readonly escaped: number;
  readonly shown: number;
  readonly unshown: number;
  readonly undecided: number;
  /** Sentences about the first of each sort. */
  readonly failures: readonly string[];
}

export function proveMachine(machine: Machine): MachineProof {
  const analysis = analyse(machine);
  const subject = subjectOf(analysis);
  const proofs = policiesFor(analysis.graph).map((policy) => prove(subject, partition(analysis.graph, policy)));
  const sum = (count: (proof: Proof) => number): number => proofs.reduce((total, proof) => total + count(proof), 0);
  return {
    packets: sum((p) => p.attempts),
    escaped: sum((p) => p.escaped),
    // The interferences are the same under every policy.
    shown: proofs[0]?.shown ?? 0,
    unshown: proofs[0]?.unshown.length ?? 0,
    undecided: proofs[0]?.undecided ?? 0,
    failures: [...new Set(proofs.flatMap((proof) => failuresOf(analysis, proof)))],
  };
}

function failuresOf(analysis: Analysis, { groups, escapes, unshown }: Proof): readonly string[] {
  const { nameOf } = analysis.graph.parties;
  return [
    ...escapes.slice(0, 1).map((e) => `escape under ${groups.policy.name}: ${escapeWords(analysis, e)}`),
    ...unshown.slice(0, 1).map(({ edge, idle, untouched }) => {
      const ends = [...new Set([...idle, ...untouched])].map(nameOf).slice(0, 4);
      return `not shown: ${edge.kind} at ${placeName(analysis.graph, edge.where)}, of ${ends.join(', ')}`;
    }),
  ];
}

function escapeWords({ graph }: Analysis, { packet, reached, path }: Escape): string {
  const { nameOf } = graph.parties;
  const target = reached.kind === 'function' ? nameOf(reached.function) : reached.kind;
  const as = formatRequesterId(packet.requester);
  return `a ${packet.kind} of ${nameOf(packet.origin)} as ${as} to ${target} (${path.map((hop) => hop.kind).join(', ')})`;
}
