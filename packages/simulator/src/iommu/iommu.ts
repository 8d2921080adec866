/**
 * @module A simulated IOMMU unit: what it holds for each requester, and what it makes of what they send.
 */
import { type Access, type Device, type Domain, InvalidError, type IommuOps, isFault } from '@isogroups/core';
import { FAULT } from '../fabric/translation.ts';
import { createFaultLog, type FaultLog, type UnitFaultReason } from './fault-log.ts';
import { IOMMU_KINDS, type IommuKind, type IommuKindFacts } from './iommu-kind.ts';
import { BLOCKED, createRequesterTable, type Entry } from './requester-table.ts';

export interface IommuOptions extends Partial<IommuKindFacts> {
  /** `vtd0`. */
  readonly name: string;
  readonly kind: IommuKind;
  /** Requesters (segment × 65536 + id) under which the DMA of a device arrives; none for a device that is not behind it. */
  requestersOf(device: Device): readonly number[];
  /** Whether ATS of a device is on when it is attached; without, no device may send translated requests. */
  admitsTranslated?(device: Device): boolean;
  /** What it does with requesters that nothing was programmed for. `identity` is how most hosts boot; `blocked` without. */
  readonly atRest?: 'blocked' | 'identity';
}

/** The answer to an ATS translation request. */
export type AtsAnswer =
  | {
      readonly kind: 'translation';
      /** Of the page that the address is in. */
      readonly address: number;
      readonly size: number;
      readonly read: boolean;
      readonly write: boolean;
    }
  /** Nothing is mapped: neither read nor write. */
  | { readonly kind: 'no-translation' }
  /** The entry does not admit translation requests. */
  | { readonly kind: 'unsupported-request' };

export interface Iommu {
  readonly name: string;
  readonly kind: IommuKind;
  /** For `group.setIommuOps`. */
  readonly ops: IommuOps;
  readonly faults: FaultLog;
  readonly entries: ReadonlyMap<number, Entry>;
  entryOf(requester: number): Entry;
  /**
   * Lets a device reach memory as it is, for drivers of the host that want no translation.
   * @throws BusyError it is attached, or its id leads elsewhere for another device; InvalidError it is not behind the unit
   */
  passThrough(device: Device): void;
  /** Ends {@link Iommu.passThrough}; from here on the DMA of the device is blocked. */
  block(device: Device): void;
  /** The physical address that a request ends at, or one of FAULT, which is recorded. @param translated Address Type 10 */
  translate(requester: number, address: number, access: Access, translated: boolean): number;
  /** Address Type 01: a device asks where an address leads. That is never a fault. */
  answer(requester: number, address: number): AtsAnswer;
}

export function createIommu(description: IommuOptions): Iommu {
  const { name, kind } = description;
  const facts: IommuKindFacts = { ...IOMMU_KINDS[kind], ...description };
  const table = createRequesterTable(
    description.atRest === 'identity' ? Object.freeze({ kind: 'identity', devices: new Set<Device>() }) : BLOCKED,
  );
  const faults = createFaultLog(facts.faultRegisters);
  /** Where each device was programmed; it may be gone from the machine when it is taken out. */
  const programmed = new Map<Device, { readonly domain: Domain | undefined; readonly requesters: readonly number[] }>();

  const program = (device: Device, domain: Domain | undefined, entry: Exclude<Entry, { kind: 'blocked' }>): void => {
    if (programmed.has(device)) throw alreadyThere(name, device);
    const requesters = description.requestersOf(device);
    if (requesters.length === 0) throw notBehind(name, device);
    table.add(device, requesters, entry);
    programmed.set(device, { domain, requesters });
  };

  const unprogram = (device: Device, domain: Domain | undefined): void => {
    const held = programmed.get(device);
    if (held === undefined || held.domain !== domain) throw notThere(name, device);
    table.remove(device, held.requesters);
    programmed.delete(device);
  };

  const fault = (requester: number, address: number, access: Access, reason: UnitFaultReason): number => {
    faults.record({ unit: name, requester, address, access, reason });
    return reason === 'no-entry'
      ? FAULT.noEntry
      : reason === 'translated'
        ? FAULT.translatedNotAllowed
        : FAULT.noMapping;
  };

  return Object.freeze({
    name,
    kind,
    faults,
    entries: table.entries,
    ops: Object.freeze({
      name,
      pageSizes: facts.pageSizes,
      addressBits: facts.addressBits,
      reserved: facts.reserved,
      attach: (domain: Domain, device: Device) =>
        program(device, domain, {
          kind: 'domain',
          domain,
          devices: new Set(),
          admitsTranslated: description.admitsTranslated?.(device) ?? false,
        }),
      detach: (domain: Domain, device: Device) => unprogram(device, domain),
    }),
    entryOf: table.get,
    passThrough: (device: Device) => program(device, undefined, { kind: 'identity', devices: new Set() }),
    block: (device: Device) => unprogram(device, undefined),
    translate(requester: number, address: number, access: Access, translated: boolean) {
      const entry = table.get(requester);
      if (entry.kind === 'blocked') return fault(requester, address, access, 'no-entry');
      if (entry.kind === 'identity') return translated ? fault(requester, address, access, 'translated') : address;
      if (translated) return entry.admitsTranslated ? address : fault(requester, address, access, 'translated');
      const [device] = entry.devices;
      const answer = entry.domain.translate(device as Device, address, access);
      return isFault(answer) ? fault(requester, address, access, answer.reason) : answer;
    },
    answer(requester: number, address: number) {
      const entry = table.get(requester);
      if (entry.kind !== 'domain' || !entry.admitsTranslated) return UNSUPPORTED;
      const found = entry.domain.resolve(address);
      if (found === undefined) return NO_TRANSLATION;
      const { protection, pageSize } = found;
      return Object.freeze({
        kind: 'translation',
        address: found.address - (found.address % pageSize),
        size: pageSize,
        read: protection.includes('r'),
        write: protection.includes('w'),
      });
    },
  });
}

const UNSUPPORTED: AtsAnswer = Object.freeze({ kind: 'unsupported-request' });
const NO_TRANSLATION: AtsAnswer = Object.freeze({ kind: 'no-translation' });

function alreadyThere(unit: string, device: Device): InvalidError {
  return new InvalidError({
    says: `${unit} holds entries for ${device.name} already`,
    next: 'take it out first',
    operands: { unit, device },
  });
}

function notBehind(unit: string, device: Device): InvalidError {
  return new InvalidError({
    says: `no DMA of ${device.name} arrives at ${unit}`,
    next: 'use the unit that translates it',
    operands: { unit, device },
  });
}

function notThere(unit: string, device: Device): InvalidError {
  return new InvalidError({
    says: `${unit} holds no such entry for ${device.name}`,
    next: 'there is nothing to take out',
    operands: { unit, device },
  });
}
