/**
 * @module What of a member is not as it was before the claim.
 */
import { compareIdentity } from '../claims/identity.ts';
import type { ClaimedMember, Difference } from '../journal/record.ts';
import { isOurDriver, isOurOverride } from './home-steps.ts';
import { misnamed } from './interface-names.ts';
import type { DeviceNow } from './observation.ts';

export interface MemberDifference extends Difference {
  /** Trying again may help: nobody else is in the way, and the device is there. */
  readonly retry: boolean;
}

/** @param held Why it could not be touched: "is in use by qemu (pid 812)". */
export function differencesOf(
  member: ClaimedMember,
  now: DeviceNow | undefined,
  held: string | undefined,
): readonly MemberDifference[] {
  const { device, before } = member;
  const difference = (says: string, retry: boolean): MemberDifference => ({ device, says: `${device} ${says}`, retry });
  if (held !== undefined) return [difference(held, true)];
  if (now === undefined) return [difference('is gone', false)];
  const [other] = compareIdentity(member.identity, now.identity);
  if (other !== undefined) {
    return [difference(`is another device: its ${other.field} was ${other.was} and is ${other.is}`, false)];
  }
  const found: MemberDifference[] = [];
  if (now.driver !== before.driver) {
    const ours = now.driver === null || isOurDriver(member, now.driver);
    const whose = ours ? '' : '; somebody else did that, it is left so';
    found.push(difference(`has ${now.driver ?? 'no driver'} and had ${before.driver ?? 'none'}${whose}`, ours));
  }
  if (now.override !== before.override) {
    const ours = isOurOverride(member, now.override);
    const whose = ours ? '' : '; somebody else did that, it is left so';
    found.push(
      difference(`has driver_override ${now.override ?? 'empty'} and had ${before.override ?? 'none'}${whose}`, ours),
    );
  }
  if (now.virtualFunctions !== before.virtualFunctions) {
    const ours = now.virtualFunctions === 0;
    found.push(
      difference(`has ${now.virtualFunctions ?? 'no'} virtual functions and had ${before.virtualFunctions}`, ours),
    );
  }
  if (now.driver === before.driver && now.interfaces.length !== before.interfaces.length) {
    const said = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
    found.push(difference(`has interfaces ${said(now.interfaces)} and had ${said(before.interfaces)}`, false));
  }
  // Not tried again: somebody else has the name, or has taken the interface into use.
  for (const { is, was } of misnamed(member, now)) found.push(difference(`has interface ${is} and had ${was}`, false));
  return found;
}
