/**
 * @module Finds the devices of an earlier claim in the machine as it is now: by their slots, never by their addresses.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt } from '../files.ts';
import { type Refusal, refusal } from '../plan/refusal.ts';
import type { ClaimState } from './claim-state.ts';
import { compareIdentity, readIdentity } from './identity.ts';

export interface FoundAgain {
  /** Addresses of today. */
  readonly devices: readonly string[];
  /** Slots that are empty, or have something else in them. */
  readonly refusals: readonly Refusal[];
}

export function findAgain({ id, members }: ClaimState, tree: MachineTree): FoundAgain {
  const atPath = new Map(
    namesAt(tree, 'sys/bus/pci/devices').map((device) => {
      const identity = readIdentity(tree, device);
      return [identity.path, { device, identity }] as const;
    }),
  );
  const devices: string[] = [];
  const refusals: Refusal[] = [];
  for (const { device, identity, target } of members) {
    // Virtual functions go with their owner; they need not be there.
    if (target === null) continue;
    const found = atPath.get(identity.path);
    const [other] = found === undefined ? [] : compareIdentity(identity, found.identity);
    if (found === undefined) {
      const says = `nothing is in slot ${identity.path}, where ${device} of claim ${id} was`;
      refusals.push(refusal('other-device', says, 'put it back, or claim what is there by its address', device));
    } else if (other !== undefined) {
      const says = `${found.device} is not the device of claim ${id}: its ${other.field} was ${other.was} and is ${other.is}`;
      refusals.push(refusal('other-device', says, 'claim it by its address, if it is meant', found.device));
    } else devices.push(found.device);
  }
  return { devices, refusals };
}
