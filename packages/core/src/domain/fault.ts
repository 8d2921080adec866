/**
 * @module Faults: DMA that a domain does not let through.
 */
import type { Device } from '../device.ts';
import type { OwnedAddressSpace } from './address-space.ts';
import { reservedRegionIn } from './mapping-checks.ts';
import { type Access, allows } from './protection.ts';

/** `width`: the address has more bits than the IOMMU translates. */
export type FaultReason = 'not-mapped' | 'permission' | 'reserved' | 'width';

export interface Fault {
  readonly kind: 'fault';
  readonly device: Device;
  /** Where the device wanted to go: an IOVA. */
  readonly address: number;
  readonly access: Access;
  readonly reason: FaultReason;
}

/** One that throws does not keep the others from hearing; what it threw goes to whoever asked for the translation. */
export type FaultListener = (fault: Fault) => void;

export function isFault(value: number | Fault): value is Fault {
  return typeof value !== 'number';
}

export interface FaultCheck {
  translate(device: Device, address: number, access: Access): number | Fault;
  onFault(listener: FaultListener): () => void;
}

export function createFaultCheck(space: OwnedAddressSpace): FaultCheck {
  const listeners = new Set<{ readonly hear: FaultListener }>();

  const tell = (fault: Fault): void => {
    const thrown: unknown[] = [];
    for (const { hear } of [...listeners]) {
      try {
        hear(fault);
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw new AggregateError(thrown, 'a listener to faults failed');
  };

  const reasonFor = (address: number, access: Access): FaultReason | number => {
    if (!(address < space.rules.limit)) return 'width';
    if (reservedRegionIn(space.rules, address, 1) !== undefined) return 'reserved';
    const found = space.resolve(address);
    if (found === undefined) return 'not-mapped';
    return allows(found.protection, access) ? found.address : 'permission';
  };

  return {
    translate(device, address, access) {
      const answer = reasonFor(address, access);
      if (typeof answer === 'number') return answer;
      const fault: Fault = Object.freeze({ kind: 'fault', device, address, access, reason: answer });
      tell(fault);
      return fault;
    },
    onFault(listener) {
      const entry = { hear: listener };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
  };
}
