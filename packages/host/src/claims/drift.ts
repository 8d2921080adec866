/**
 * @module What is not any more as it was when a claim was made: devices, drivers, groups, registers.
 */
import { type Analysis, formatAddress } from '@isogroups/pci';
import type { Difference } from '../journal/record.ts';
import type { GroupMemberNow, PlacedDevice } from '../transaction/observation.ts';
import type { ClaimState } from './claim-state.ts';
import { compareIdentity } from './identity.ts';
import { readRegisters } from './registers.ts';

export function findDrift(
  claim: ClaimState,
  now: (device: string) => PlacedDevice | undefined,
  company: readonly GroupMemberNow[],
  analysis: Analysis,
): readonly Difference[] {
  return [
    ...claim.members.flatMap((m) => memberDrift(m, now(m.device))),
    ...company
      .filter((m) => !claim.company.includes(m.name))
      .map((m) => ({ device: m.name, says: `${m.name} has come into the group (${m.driver ?? 'no driver'})` })),
    ...registerDrift(claim, analysis),
  ];
}

function memberDrift(member: ClaimState['members'][number], now: PlacedDevice | undefined): readonly Difference[] {
  const { device, target } = member;
  const says = (text: string): Difference => ({ device, says: `${device} ${text}` });
  if (target === null) return [];
  if (now === undefined) return [says('is gone')];
  const [other] = compareIdentity(member.identity, now.identity);
  if (other !== undefined) return [says(`is another device: its ${other.field} was ${other.was} and is ${other.is}`)];
  return [
    ...(now.driver === target ? [] : [says(`has ${now.driver ?? 'no driver'} and not ${target}`)]),
    ...(now.group === member.kernelGroup
      ? []
      : [says(`is in kernel group ${now.group ?? 'none'} and was in ${member.kernelGroup}`)]),
  ];
}

function registerDrift(claim: ClaimState, analysis: Analysis): readonly Difference[] {
  const members = new Set(claim.members.map((m) => m.device));
  const parties = analysis.machine.functions.flatMap((f, i) => (members.has(formatAddress(f)) ? [i] : []));
  const now = readRegisters(analysis, parties);
  return Object.entries(claim.registers).flatMap(([name, was]) => {
    const is = now[name];
    return is === undefined || is === was
      ? []
      : [{ device: name.split(' ')[0] as string, says: `${name} was ${was} and is ${is}` }];
  });
}
