/**
 * @module Edits the configuration space of emulated devices before the firmware starts.
 *
 * QEMU has no switch port with ACS and few vendors' ids. Both are only bytes: a device keeps its configuration space in
 * one allocation, and this writes there, from outside, while the machine stands still. All that runs later, the kernel
 * first of all, reads the edited bytes.
 */
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

const EXPRESS = 0x10;
const ACS = 0x0d;
/** Larger mappings are the guest's memory. */
const LARGEST_HEAP = 256 << 20;

/**
 * @param {number} pid a QEMU that was started with -S
 * @param {import('./machines.mjs').Edit[]} edits
 */
export function editConfigSpaces(pid, edits) {
  if (edits.length === 0) return;
  const memory = openSync(`/proc/${pid}/mem`, 'r+');
  try {
    const heap = readHeap(pid, memory);
    for (const edit of edits) applyEdit(memory, findDevice(heap, edit), edit);
  } finally {
    closeSync(memory);
  }
}

/** @returns {{ start: number, bytes: Buffer }[]} */
function readHeap(pid, memory) {
  const regions = [];
  for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
    const [, from, to, name] = /^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(.*)$/.exec(line) ?? [];
    if (from === undefined || (name !== '' && name !== '[heap]')) continue;
    const start = Number.parseInt(from, 16);
    const size = Number.parseInt(to, 16) - start;
    if (size > LARGEST_HEAP) continue;
    const bytes = Buffer.alloc(size);
    readSync(memory, bytes, 0, size, start);
    regions.push({ start, bytes });
  }
  return regions;
}

/**
 * The addresses of a device's configuration space and of the mask of its writable bits. QEMU's PCIDevice has pointers
 * to five allocations of equal size in a row: config, cmask, wmask, w1cmask, used.
 */
function findDevice(heap, edit) {
  const [vendor, device] = edit.device.split(':').map((id) => Number.parseInt(id, 16));
  const candidates = new Set();
  for (const { start, bytes } of heap) {
    // malloc aligns to 16 bytes
    for (let at = 0; at + 256 <= bytes.length; at += 16) {
      if (bytes.readUInt32LE(at) !== ((device << 16) | vendor) >>> 0) continue;
      if (edit.port === undefined || portNumber(bytes.subarray(at, at + 256)) === edit.port) candidates.add(start + at);
    }
  }
  const inHeap = (address) => heap.some((r) => address >= r.start && address < r.start + r.bytes.length);
  const found = [];
  for (const { bytes } of heap) {
    for (let at = 0; at + 40 <= bytes.length; at += 8) {
      if (!candidates.has(pointer(bytes, at))) continue;
      const row = [0, 8, 16, 24, 32].map((offset) => pointer(bytes, at + offset));
      if (new Set(row).size === 5 && row.every(inHeap)) found.push({ config: row[0], writable: row[2] });
    }
  }
  const what = edit.port === undefined ? edit.device : `${edit.device} with port=${edit.port}`;
  if (found.length !== 1) throw new Error(`${found.length} devices are ${what}; exactly one must be, to edit it`);
  return found[0];
}

/** Addresses of user space have 47 bits: exact as a number. */
function pointer(bytes, at) {
  return bytes.readUInt32LE(at) + bytes.readUInt16LE(at + 4) * 2 ** 32;
}

/** Link Capabilities bits 31:24: QEMU's `port=`. */
function portNumber(config) {
  for (let at = config[0x34], steps = 0; at >= 0x40 && steps < 48; at = config[at + 1], steps++) {
    if (config[at] === EXPRESS) return config[at + 0x0f];
  }
  return undefined;
}

function applyEdit(memory, { config, writable }, { ids, subsystem, classCode, acs }) {
  const word = (address, value, size) => {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntLE(value, 0, size);
    writeSync(memory, bytes, 0, size, address);
  };
  const pair = (address, text) => {
    for (const [i, id] of text.split(':').entries()) word(address + 2 * i, Number.parseInt(id, 16), 2);
  };
  if (ids !== undefined) pair(config, ids);
  if (subsystem !== undefined) pair(config + 0x2c, subsystem);
  if (classCode !== undefined) word(config + 0x09, classCode, 3);
  if (acs === undefined) return;

  const bytes = Buffer.alloc(4096);
  readSync(memory, bytes, 0, bytes.length, config);
  let place = 0x100;
  if (bytes.readUInt32LE(place) !== 0) {
    let last = place;
    for (let next = last; next >= 0x100; next = bytes.readUInt16LE(last + 2) >> 4) last = next;
    // Right after the space that the longest capability there (AER, 0x48 bytes) can take.
    place = last + 0x50;
    word(config + last + 2, (place << 4) | (bytes.readUInt16LE(last + 2) & 0xf), 2);
  }
  word(config + place, ACS | (1 << 16), 4);
  word(config + place + 4, acs, 2);
  word(config + place + 6, 0, 2);
  word(writable + place + 6, acs, 2);
}
