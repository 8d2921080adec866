/**
 * @module What brings one member nearer to what it was, by what is seen of it now. What somebody else has changed since
 * is left as they made it.
 */

import type { ClaimedMember } from '../journal/record.ts';
import { bindStep, clearStep, countStep, unbindStep } from '../plan/binding-steps.ts';
import type { Step } from '../plan/step.ts';
import type { Binding } from './observation.ts';

/** As on the way out, all members pass one phase before any enters the next: two drivers never share a group. */
export const HOME_PHASES = ['unbind', 'clear', 'bind', 'count'] as const;
type HomePhase = (typeof HOME_PHASES)[number];

/**
 * A virtual function (no target) has just been made by the kernel, with any driver and no override: all of it is ours to
 * set. Of other members only what the claim itself set.
 */
export const isOurDriver = (m: ClaimedMember, driver: string | null): boolean =>
  driver !== null && driver !== m.before.driver && (driver === m.target || m.target === null);
export const isOurOverride = (m: ClaimedMember, override: string | null): boolean =>
  override !== m.before.override && (override === m.target || m.target === null);

export function homeSteps(phase: HomePhase, member: ClaimedMember, now: Binding): readonly Step[] {
  const { device, before } = member;
  switch (phase) {
    case 'unbind':
      return isOurDriver(member, now.driver) ? [unbindStep(device, now.driver as string)] : [];
    // Not while our driver still has it: a write that gets stuck here then says that VFIO does not.
    case 'clear':
      return isOurOverride(member, now.override) && !isOurDriver(member, now.driver)
        ? [clearStep(device, before.override)]
        : [];
    case 'bind':
      return now.driver === null && before.driver !== null ? [bindStep(device, before.driver)] : [];
    case 'count':
      return before.virtualFunctions !== null && now.virtualFunctions === 0 && before.virtualFunctions > 0
        ? [countStep(device, before.virtualFunctions)]
        : [];
  }
}
