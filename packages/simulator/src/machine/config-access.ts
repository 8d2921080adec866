/**
 * @module Reads and writes of configuration space as software does them.
 */
import { OutOfRangeError } from '@isogroups/core';
import { decodeConfigSpace } from '@isogroups/pci';
import { COMMAND, COMMAND_BUS_MASTER } from '../devices/registers.ts';
import { writableBits } from '../devices/writable-bits.ts';
import type { Announcer } from './events.ts';
import type { LiveFunction } from './live-device.ts';
import type { MachineState } from './machine-state.ts';

export interface ConfigAccess {
  read(f: LiveFunction | undefined, offset: number, size: 1 | 2 | 4): number;
  write(f: LiveFunction, offset: number, bytes: Uint8Array): void;
  setBusMaster(f: LiveFunction, on: boolean): void;
}

export function createConfigAccess(state: MachineState, announcer: Announcer): ConfigAccess {
  const write = (f: LiveFunction, offset: number, bytes: Uint8Array): void => {
    const { config } = f;
    if (!Number.isInteger(offset) || offset < 0 || offset + bytes.length > config.length) {
      throw new OutOfRangeError({
        says: `bytes ${offset} to ${offset + bytes.length - 1} are not in the ${config.length} bytes of ${f.name}`,
        next: 'write within its configuration space',
        operands: { device: f, offset, length: bytes.length },
      });
    }
    const before = decoded(f);
    const mask = writableBits(f);
    bytes.forEach((byte, i) => {
      const writable = mask[offset + i] as number;
      config[offset + i] = ((config[offset + i] as number) & ~writable) | (byte & writable);
    });
    state.generation++;
    if (decoded(f) !== before) announcer.tell('changed', f);
  };
  return {
    read(f, offset, size) {
      let value = 0;
      // What nobody answers reads as ones.
      for (let i = size - 1; i >= 0; i--) value = value * 256 + (f?.config[offset + i] ?? 0xff);
      return value;
    },
    write,
    setBusMaster(f, on) {
      const low = f.config[COMMAND] as number;
      write(f, COMMAND, Uint8Array.of(on ? low | COMMAND_BUS_MASTER : low & ~COMMAND_BUS_MASTER));
    },
  };
}

/** What bears on isolation, as text to compare. */
function decoded(f: LiveFunction): string {
  return JSON.stringify(decodeConfigSpace({ bytes: f.config, file: f.name }).facts);
}
