/**
 * @module Somebody decides about a device in quarantine.
 */
import type { Device } from '../device.ts';
import { InvalidError, IoError } from '../errors.ts';
import { arrive } from './arrive.ts';
import type { Claim } from './claim.ts';
import { decideAs } from './decide-arrival.ts';
import { recordOf } from './misuse.ts';
import { endQuarantine, enterQuarantine, reconsider } from './quarantined.ts';
import type { ClaimRecord } from './records.ts';
import type { RegistryState } from './state.ts';

export function admit(state: RegistryState, device: Device, handle: Claim | undefined): void {
  const record = recordOf(state, device);
  const claim = handle === undefined ? undefined : claimOf(state, handle);
  const before = record.quarantine;
  if (before === undefined) {
    throw new InvalidError({
      says: `device ${device.name} is not in quarantine`,
      next: 'there is nothing to decide',
      operands: { device },
    });
  }
  const reason = arrive(state, record, (s, r) => decideAs(s, r, claim));
  if (reason === undefined) {
    endQuarantine(state, record, 'admitted');
    reconsider(state);
    return;
  }
  record.quarantine = before;
  enterQuarantine(state, record, reason);
  if (reason.kind === 'attach-failed') {
    throw new IoError({
      says: `domain ${reason.domain.name} refused ${device.name} again`,
      next: 'see the cause; release the domain, or leave the device where it is',
      operands: { device, domain: reason.domain },
      cause: reason.error,
    });
  }
  throw new InvalidError({
    says: `device ${device.name} sits on ${device.parent?.name}, which is in quarantine`,
    next: 'admit that first',
    operands: { device, parent: device.parent },
  });
}

function claimOf(state: RegistryState, handle: Claim): ClaimRecord {
  for (const claim of state.claims) if (claim.handle === handle) return claim;
  throw new InvalidError({
    says: `no claim of "${handle.manager.name}" stands`,
    next: 'name a claim that was not released',
    operands: { claim: handle },
  });
}
