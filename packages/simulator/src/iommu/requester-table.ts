/**
 * @module What an IOMMU holds for requester ids, as its root and context tables (VT-d) or its device table (AMD-Vi).
 * An id that several devices send under has one entry: they cannot be told apart, so they cannot be in two domains.
 */
import type { Device, Domain } from '@isogroups/core';
import { BusyError } from '@isogroups/core';
import { formatRequester } from './requester.ts';

export type Entry =
  | { readonly kind: 'blocked' }
  /** Addresses are taken as they are. */
  | { readonly kind: 'identity'; readonly devices: ReadonlySet<Device> }
  | {
      readonly kind: 'domain';
      readonly domain: Domain;
      /** Those that send under the id, the one attached first is first. */
      readonly devices: ReadonlySet<Device>;
      /** Whether what says that it is translated already goes through (ATS). */
      readonly admitsTranslated: boolean;
    };

export const BLOCKED: Entry = Object.freeze({ kind: 'blocked' });

export interface RequesterTable {
  readonly entries: ReadonlyMap<number, Entry>;
  get(requester: number): Entry;
  /**
   * Lets ids lead somewhere for one more device: all of them or none.
   * @throws BusyError one of them leads elsewhere for another device
   */
  add(device: Device, requesters: readonly number[], to: Exclude<Entry, { kind: 'blocked' }>): void;
  /** The device does not use these ids any more; one that nobody uses is blocked. */
  remove(device: Device, requesters: readonly number[]): void;
}

/** @param atRest what an id leads to that was never programmed */
export function createRequesterTable(atRest: Entry): RequesterTable {
  const entries = new Map<number, Entry>();
  const get = (requester: number): Entry => entries.get(requester) ?? atRest;
  return {
    entries,
    get,
    add(device, requesters, to) {
      for (const requester of requesters) {
        const now = entries.get(requester);
        if (now === undefined || now.kind === 'blocked' || leadsTo(now, to)) continue;
        const others = [...now.devices].filter((other) => other !== device);
        throw new BusyError({
          says: `${formatRequester(requester)} leads ${placeOf(now)} for ${others.map((d) => d.name).join(', ')}, which ${device.name} cannot be told from`,
          next: 'put them into one group',
          operands: { requester, device, devices: others },
        });
      }
      for (const requester of requesters) {
        const now = entries.get(requester);
        const devices = new Set(now === undefined || now.kind === 'blocked' ? [] : now.devices).add(device);
        entries.set(requester, Object.freeze({ ...to, devices }));
      }
    },
    remove(device, requesters) {
      for (const requester of requesters) {
        const now = entries.get(requester);
        if (now === undefined || now.kind === 'blocked') continue;
        const devices = new Set(now.devices);
        devices.delete(device);
        if (devices.size > 0) entries.set(requester, Object.freeze({ ...now, devices }));
        else if (atRest.kind === 'blocked') entries.delete(requester);
        else entries.set(requester, BLOCKED);
      }
    },
  };
}

function leadsTo(now: Entry, to: Entry): boolean {
  if (now.kind === 'domain' && to.kind === 'domain') return now.domain === to.domain;
  return now.kind === to.kind;
}

function placeOf(entry: Entry): string {
  return entry.kind === 'domain' ? `to domain ${entry.domain.name}` : 'to memory as it is';
}
