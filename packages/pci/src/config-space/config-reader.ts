/**
 * @module Bounded little-endian reads of a configuration space of any length; what lies beyond its end is unknown.
 */
import { viewOf } from '../bytes/data-view.ts';
import { type Fact, isUnknown, type Unknown, unknown } from '../facts/fact.ts';

/** The sizes that configuration space comes in: header, PCI, PCI Express. */
export const HEADER_SIZE = 64;
export const CONVENTIONAL_SIZE = 256;
export const EXTENDED_SIZE = 4096;

export interface ConfigReader {
  /** Bytes that can be read, at most 4096. */
  readonly length: number;
  u8(offset: number): Fact<number>;
  u16(offset: number): Fact<number>;
  u32(offset: number): Fact<number>;
}

export function configReader(bytes: Uint8Array): ConfigReader {
  const view = viewOf(bytes);
  const length = Math.min(bytes.length, EXTENDED_SIZE);
  const read = (offset: number, size: number, get: () => number): Fact<number> =>
    offset + size <= length ? get() : beyondEnd(length);
  return {
    length,
    u8: (offset) => read(offset, 1, () => view.getUint8(offset)),
    u16: (offset) => read(offset, 2, () => view.getUint16(offset, true)),
    u32: (offset) => read(offset, 4, () => view.getUint32(offset, true)),
  };
}

/** Why nothing is known beyond `length`. Linux gives 64 bytes (128 of a CardBus bridge) to those who are not root. */
export function beyondEnd(length: number): Unknown {
  if (length === 0) return unknown('no byte of the configuration space was read', 'run as root');
  if (length === CONVENTIONAL_SIZE) {
    return unknown(
      'extended configuration space (from byte 256) could not be reached',
      'read all 4096 bytes (lspci -xxxx as root); pci=nommconf and a conventional bus above the function hide them',
    );
  }
  const why = `configuration space ends at byte ${length}`;
  return unknown(why, length <= 128 ? 'run as root' : 'capture it whole, as root');
}

/** Whether any bit of `mask` is set. */
export function bitOf(register: Fact<number>, mask: number): Fact<boolean> {
  return isUnknown(register) ? register : (register & mask) !== 0;
}
