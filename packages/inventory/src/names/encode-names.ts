/**
 * @module Writes the prepared index (see prepared-format.ts) from a parsed pci.ids.
 */

import { SAME } from './former-names.ts';
import type { Named } from './name-index.ts';
import type { NameEntry, PciIds } from './pci-ids.ts';
import {
  BASE_CLASS,
  DATE_AT,
  DATE_SIZE,
  FORMAT_VERSION,
  HEADER_SIZE,
  INTERFACE,
  LEAF_ROW,
  MAGIC,
  NAMES_AT,
  PARENT_ROW,
  ROWS_AT,
  SUB_CLASS,
  VERSION_AT,
} from './prepared-format.ts';

/** `former` has the names that entries of `ids` had in older lists (see formerNames). */
export function encodeNames(ids: PciIds, former: readonly NameEntry[] = []): Uint8Array {
  const vendors = inOrder(ids.vendors).map((v) => ({ ...v, below: inOrder(v.below) }));
  const devices = vendors.flatMap((v) => v.below).map((d) => ({ ...d, below: inOrder(d.below) }));
  const subsystems = devices.flatMap((d) => d.below);
  const classes = inOrder(classRows(ids));
  const formerVendors = sorted(former.filter((v) => v.name !== SAME));
  const formerDevices = sorted(former.flatMap((v) => v.below.map((d) => ({ ...d, id: v.id * 0x10000 + d.id }))));
  const parents = [vendors, devices];
  const leaves = [subsystems, classes, formerVendors, formerDevices];
  const size = (tables: readonly (readonly Named[])[], row: number): number =>
    tables.reduce((bytes, table) => bytes + table.length * row, 0);
  const tables = size(parents, PARENT_ROW) + parents.length * PARENT_ROW + size(leaves, LEAF_ROW);
  const names = new NameTable();
  const rows = new DataView(new ArrayBuffer(tables));
  let at = 0;
  const write = (...numbers: number[]): void => {
    for (const n of numbers) {
      rows.setUint32(at, n, true);
      at += 4;
    }
  };

  const writeParents = (entries: readonly NameEntry[]): void => {
    let first = 0;
    for (const e of entries) {
      write(e.id, names.add(e.name), first);
      first += e.below.length;
    }
    write(0xffffffff, 0, first);
  };
  for (const table of parents) writeParents(table);
  for (const entry of leaves.flat()) write(entry.id, names.add(entry.name));

  const place = HEADER_SIZE + tables;
  const file = new Uint8Array(place + names.size);
  const header = new DataView(file.buffer);
  const encoder = new TextEncoder();
  file.set(encoder.encode(MAGIC), 0);
  header.setUint32(VERSION_AT, FORMAT_VERSION, true);
  header.setUint32(ROWS_AT.vendors, vendors.length, true);
  header.setUint32(ROWS_AT.devices, devices.length, true);
  header.setUint32(ROWS_AT.subsystems, subsystems.length, true);
  header.setUint32(ROWS_AT.classes, classes.length, true);
  header.setUint32(ROWS_AT.formerVendors, formerVendors.length, true);
  header.setUint32(ROWS_AT.formerDevices, formerDevices.length, true);
  header.setUint32(NAMES_AT, place, true);
  file.set(encoder.encode(ids.date).subarray(0, DATE_SIZE), DATE_AT);
  file.set(new Uint8Array(rows.buffer), HEADER_SIZE);
  names.copyTo(file, place);
  return file;
}

/** Ascending by id; of an id that is listed twice the first line counts. */
function inOrder<T extends Named>(entries: readonly T[]): T[] {
  const first = new Map<number, T>();
  for (const e of entries) if (!first.has(e.id)) first.set(e.id, e);
  return sorted([...first.values()]);
}

function sorted<T extends Named>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => a.id - b.id);
}

function classRows(ids: PciIds): Named[] {
  const sub = ids.classes.flatMap((c) => c.below);
  return [
    ...ids.classes.map((c) => ({ id: BASE_CLASS + c.id, name: c.name })),
    ...sub.map((c) => ({ id: SUB_CLASS + c.id, name: c.name })),
    ...sub.flatMap((c) => c.below).map((c) => ({ id: INTERFACE + c.id, name: c.name })),
  ];
}

/** Names one after the other; one that is there already is not written again. */
class NameTable {
  size = 0;
  readonly #offsets = new Map<string, number>();
  readonly #names: Uint8Array[] = [];

  add(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const text = new TextEncoder().encode(name);
    const offset = this.size;
    this.#offsets.set(name, offset);
    this.#names.push(Uint8Array.of(text.length & 0xff, text.length >> 8, ...text));
    this.size += 2 + text.length;
    return offset;
  }

  copyTo(file: Uint8Array, place: number): void {
    for (const name of this.#names) {
      file.set(name, place);
      place += name.length;
    }
  }
}
