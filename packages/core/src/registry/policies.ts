/**
 * @module The registry's policy, and the days on which acceptances end.
 */
import { InvalidError } from '../errors.ts';
import { KIND_FACTS } from '../kinds.ts';
import type { Policy } from '../policy.ts';
import { zonesOf } from './components.ts';
import { reviewClaims } from './losses.ts';
import { reconsider } from './quarantined.ts';
import { regroup } from './regroup.ts';
import { type RegistryState, todayOf } from './state.ts';

/** @throws InvalidError it accepts what no policy can */
export function checkPolicy(policy: Policy): void {
  const wrong = policy.acceptances.find(({ kind }) => KIND_FACTS[kind]?.accepted !== 'policy');
  if (wrong === undefined) return;
  throw new InvalidError({
    says: `policy ${policy.name} accepts "${wrong.kind}", which no policy can`,
    next: 'leave that acceptance out',
    operands: { policy, acceptance: wrong },
  });
}

export function setPolicy(state: RegistryState, policy: Policy): void {
  checkPolicy(policy);
  const from = state.policy;
  state.policy = policy;
  state.outbox.post({ kind: 'policy-changed', from, to: policy });
  lookAgain(state);
}

/** Draws all groups anew where a day has ended since they were drawn. */
export function refresh(state: RegistryState): void {
  const today = todayOf(state.options);
  if (today === state.today) return;
  state.today = today;
  lookAgain(state);
}

function lookAgain(state: RegistryState): void {
  const zones = zonesOf(state.records.values());
  regroup(state, zones);
  reviewClaims(state, zones);
  reconsider(state);
}
