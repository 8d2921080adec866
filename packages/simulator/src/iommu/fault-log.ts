/**
 * @module The faults that an IOMMU recorded: a few registers, as hardware has them, and a mark that they did not suffice.
 */
import type { Access, FaultReason } from '@isogroups/core';

/** `no-entry`: nothing is programmed for the requester. `translated`: it may not send what says it is translated. */
export type UnitFaultReason = FaultReason | 'no-entry' | 'translated';

export interface UnitFault {
  readonly unit: string;
  readonly requester: number;
  /** As in the packet. */
  readonly address: number;
  readonly access: Access;
  readonly reason: UnitFaultReason;
}

export interface FaultLog {
  readonly faults: readonly UnitFault[];
  /** Faults after those were not recorded. */
  readonly overflowed: boolean;
  record(fault: UnitFault): void;
  /** As a driver does when it has read them: all registers are free again. */
  clear(): void;
}

export function createFaultLog(capacity: number): FaultLog {
  let faults: UnitFault[] = [];
  let overflowed = false;
  return {
    get faults() {
      return faults;
    },
    get overflowed() {
      return overflowed;
    },
    record(fault) {
      if (faults.length < capacity) faults.push(Object.freeze(fault));
      else overflowed = true;
    },
    clear() {
      faults = [];
      overflowed = false;
    },
  };
}
