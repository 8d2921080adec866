/**
 * @module What could not be decided about a machine, and what would decide it.
 */
import { accepts, type Partition } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';

export interface OpenQuestion {
  /** A clause: what is not known, or what other outcome is possible. */
  readonly unknown: string;
  readonly decidedBy: string;
}

/** Each question once, those about interferences that matter under the policy first. */
export function openQuestions(analysis: Analysis, { graph, policy }: Partition): readonly OpenQuestion[] {
  const { replay, outcomes } = analysis;
  const found = new Map<string, OpenQuestion>();
  const add = (unknown: string, decidedBy: string): void => {
    const key = `${unknown}|${decidedBy}`;
    if (!found.has(key)) found.set(key, { unknown, decidedBy });
  };
  const { undecided } = replay.coverage;
  if (undecided !== undefined) add(undecided.why, undecided.decidedBy);
  const accepted = accepts(policy, graph);
  for (const edge of graph.interferences) {
    if (edge.undecided !== undefined && !accepted(edge)) add(edge.undecided.why, edge.undecided.decidedBy);
  }
  for (const { when, decidedBy } of outcomes.alternatives) {
    add(`the kernel may group otherwise: it does if ${when}`, decidedBy);
  }
  return [...found.values()];
}
