/**
 * @module Message-signalled interrupts: what a write into the doorbell window does, with remapping and without.
 *
 * Without remapping the write says which vector, and nobody asks who writes. With remapping it says which entry of a table
 * that only the host writes, and the entry says who may use it (VT-d 3.4, 5.1: source-id validation; the device tables of
 * AMD-Vi come to the same).
 */
import { InvalidError, OutOfRangeError } from '@isogroups/core';
import { formatRequester } from './requester.ts';

/** What a device is told to write to raise its interrupt. */
export interface InterruptMessage {
  readonly address: number;
  readonly data: number;
}

export type InterruptOutcome =
  | { readonly kind: 'delivered'; readonly vector: number; readonly requester: number }
  /**
   * `compatibility-format`: it names a vector, which remapping does not take. `no-entry`: nothing stands there.
   * `source-id`: the entry is for another requester.
   */
  | {
      readonly kind: 'blocked';
      readonly requester: number;
      readonly reason: 'compatibility-format' | 'no-entry' | 'source-id';
    };

export interface InterruptController {
  readonly remapping: boolean;
  /** First and last address of the doorbell. */
  readonly window: { readonly first: number; readonly last: number };
  /**
   * The host gives a requester a vector.
   * @returns what the device is to write
   * @throws InvalidError 16 to 255 are vectors; OutOfRangeError the table is full
   */
  grant(requester: number, vector: number): InterruptMessage;
  /** The message of a grant does nothing any more. @throws InvalidError it is of no grant */
  revoke(message: InterruptMessage): void;
  /** A write to the window. */
  write(requester: number, message: InterruptMessage): InterruptOutcome;
}

const WINDOW = Object.freeze({ first: 0xfee0_0000, last: 0xfeef_ffff });
/** Address bit 4: the message names an entry in bits 19:5, not a vector. */
const REMAPPABLE = 1 << 4;
const HANDLE_SHIFT = 5;
const ENTRIES = 1 << 15;

interface Grant {
  readonly requester: number;
  readonly vector: number;
}

export function createInterruptController(remapping: boolean): InterruptController {
  const table: (Grant | undefined)[] = [];
  const handleOf = ({ address }: InterruptMessage): number => ((address - WINDOW.first) >> HANDLE_SHIFT) % ENTRIES;
  const isRemappable = ({ address }: InterruptMessage): boolean => ((address - WINDOW.first) & REMAPPABLE) !== 0;

  return Object.freeze({
    remapping,
    window: WINDOW,
    grant(requester: number, vector: number) {
      if (!Number.isInteger(vector) || vector < 16 || vector > 255) {
        throw new InvalidError({
          says: `${vector} is no interrupt vector`,
          next: 'give one from 16 to 255',
          operands: { requester, vector },
        });
      }
      if (!remapping) return Object.freeze({ address: WINDOW.first, data: vector });
      const free = table.indexOf(undefined);
      const handle = free === -1 ? table.length : free;
      if (handle === ENTRIES) {
        throw new OutOfRangeError({
          says: `all ${ENTRIES} entries for interrupts are taken, none is left for ${formatRequester(requester)}`,
          next: 'revoke one',
          operands: { requester, vector },
        });
      }
      table[handle] = Object.freeze({ requester, vector });
      return Object.freeze({ address: WINDOW.first + (handle << HANDLE_SHIFT) + REMAPPABLE, data: 0 });
    },
    revoke(message: InterruptMessage) {
      if (!remapping) return;
      const handle = handleOf(message);
      if (!isRemappable(message) || table[handle] === undefined) {
        throw new InvalidError({
          says: `no grant has the message 0x${message.address.toString(16)}`,
          next: 'give the message that grant returned',
          operands: { message },
        });
      }
      table[handle] = undefined;
    },
    write(requester: number, message: InterruptMessage): InterruptOutcome {
      if (!remapping) return { kind: 'delivered', vector: message.data & 0xff, requester };
      if (!isRemappable(message)) return { kind: 'blocked', requester, reason: 'compatibility-format' };
      const entry = table[handleOf(message)];
      if (entry === undefined) return { kind: 'blocked', requester, reason: 'no-entry' };
      if (entry.requester !== requester) return { kind: 'blocked', requester, reason: 'source-id' };
      return { kind: 'delivered', vector: entry.vector, requester };
    },
  });
}
