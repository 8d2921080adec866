/**
 * @module Ids of devices that the kernel and the graph have rules of their own for: for machines by chance.
 */
import type { PortWord } from './description.ts';

export interface KnownIds {
  readonly role: 'rp' | 'dsp' | 'bridge' | 'endpoint';
  readonly ids: readonly [vendor: number, device: number];
  readonly subsystem?: readonly [vendor: number, device: number];
  readonly type?: PortWord;
}

export const QUIRK_IDS: readonly KnownIds[] = Object.freeze([
  // DMA aliases: function 1, function 0, fixed numbers, all numbers of the bus.
  { role: 'endpoint', ids: [0x1b4b, 0x9230] },
  { role: 'endpoint', ids: [0x1180, 0xe832] },
  { role: 'endpoint', ids: [0x9005, 0x0285], subsystem: [0x9005, 0x02bb] },
  { role: 'endpoint', ids: [0x8086, 0x2260] },
  { role: 'endpoint', ids: [0x10b5, 0x87b0] },
  // Functions that their vendors call isolated.
  { role: 'endpoint', ids: [0x8086, 0x1521] },
  { role: 'endpoint', ids: [0x1924, 0x0a03] },
  { role: 'endpoint', ids: [0x8088, 0x1001] },
  { role: 'endpoint', ids: [0x1002, 0x4385] },
  // Root ports that are, without the capability or with another form of it.
  { role: 'rp', ids: [0x177d, 0xa100] },
  { role: 'rp', ids: [0x17cb, 0x0400] },
  { role: 'rp', ids: [0x8086, 0x9d10] },
  { role: 'rp', ids: [0x1d17, 0x0719] },
  { role: 'dsp', ids: [0x1d17, 0x071a] },
  { role: 'dsp', ids: [0x111d, 0x80b5] },
  // Bridges whose requester id is not what their type says.
  { role: 'bridge', ids: [0x1b21, 0x1080], type: 'conventional' },
  { role: 'bridge', ids: [0x8086, 0x244e], type: 'conventional' },
  { role: 'bridge', ids: [0x1a03, 0x1150] },
]);
