/**
 * @module The answer of `why` as JSON.
 */
import { accepts, type ChainEnd } from '@isogroups/core';
import type { Answer } from '../../command.ts';
import { interferenceData } from '../../data/interference-data.ts';
import { machineData } from '../../data/machine-data.ts';
import { policyData } from '../../data/policy-data.ts';
import type { Why } from './find-chains.ts';
import { stepSentence } from './step-sentence.ts';

export function whyData({ analysis, policy, from, to, chains, guarantees }: Why): Answer['data'] {
  const accepted = accepts(policy, analysis.graph);
  const name = (end: ChainEnd): string => (end === 'host' ? 'host' : analysis.graph.parties.nameOf(end));
  return {
    kind: 'why',
    machine: machineData(analysis),
    policy: policyData(policy),
    from: name(from),
    to: name(to),
    connected: chains.some((c) => !c.accepted),
    chains: chains.map(({ via, accepted: isAccepted, steps }) => ({
      via,
      accepted: isAccepted,
      steps: steps.map((step) => ({
        from: name(step.from),
        to: name(step.to),
        disturbs: step.forward ? name(step.to) : name(step.from),
        accepted: accepted(step.edge),
        says: stepSentence(analysis, step),
        interference: interferenceData(analysis, step.edge),
      })),
    })),
    guarantees: guarantees.map((g) => ({ device: analysis.graph.parties.nameOf(g.party), sort: g.sort, says: g.says })),
  };
}
