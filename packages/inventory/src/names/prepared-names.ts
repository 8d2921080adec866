/**
 * @module Names from the prepared index (see prepared-format.ts): reads only the rows and names that are asked for.
 */
import type { Named, NameSource } from './name-index.ts';
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

/** Bytes that can be read at any place: a file, or memory. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset`; fewer than `length` where the source ends or cannot be read. Never throws. */
  read(offset: number, length: number): Uint8Array;
}

export function memoryBytes(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** `undefined` when the bytes are not a prepared index of this version. Damaged rows yield no name, never a throw. */
export function preparedNames(source: ByteSource): NameSource | undefined {
  const head = source.read(0, HEADER_SIZE);
  const header = viewOf(head);
  if (header.byteLength < HEADER_SIZE || utf8(head, 0, MAGIC.length) !== MAGIC) return undefined;
  if (header.getUint32(VERSION_AT, true) !== FORMAT_VERSION) return undefined;

  const count = (at: number): number => header.getUint32(at, true);
  const deviceTable = HEADER_SIZE + (count(ROWS_AT.vendors) + 1) * PARENT_ROW;
  const subsystemTable = deviceTable + (count(ROWS_AT.devices) + 1) * PARENT_ROW;
  const classTable = subsystemTable + count(ROWS_AT.subsystems) * LEAF_ROW;
  const formerVendorTable = classTable + count(ROWS_AT.classes) * LEAF_ROW;
  const formerDeviceTable = formerVendorTable + count(ROWS_AT.formerVendors) * LEAF_ROW;
  const namesAt = formerDeviceTable + count(ROWS_AT.formerDevices) * LEAF_ROW;
  if (namesAt !== count(NAMES_AT) || namesAt > source.size) return undefined;

  const names = openNameTable(source, namesAt);
  const rows = (table: number, first: number, end: number, size: number): Rows =>
    readRows(source, table, first, end, size, names);

  let allVendors: Rows | undefined;
  const vendorRows = (): Rows => {
    allVendors ??= rows(HEADER_SIZE, 0, count(ROWS_AT.vendors), PARENT_ROW);
    return allVendors;
  };
  const devicesOf = remembered((vendor: number) => {
    const span = vendorRows().children(vendor);
    return rows(deviceTable, span.first, Math.min(span.end, count(ROWS_AT.devices)), PARENT_ROW);
  });
  const subsystemsOf = (vendor: number, device: number): Rows => {
    const span = devicesOf(vendor).children(device);
    return rows(subsystemTable, span.first, Math.min(span.end, count(ROWS_AT.subsystems)), LEAF_ROW);
  };
  let allClasses: Rows | undefined;
  const classRows = (): Rows => {
    allClasses ??= rows(classTable, 0, count(ROWS_AT.classes), LEAF_ROW);
    return allClasses;
  };
  return {
    date: utf8(head, DATE_AT, DATE_AT + DATE_SIZE).replace(/\0.*$/, ''),
    vendor: (id) => vendorRows().name(id),
    device: (vendor, device) => devicesOf(vendor).name(device),
    subsystem: (vendor, device, subsystemVendor, subsystemDevice) =>
      subsystemsOf(vendor, device).name(subsystemVendor * 0x10000 + subsystemDevice),
    className: (code) => classRows().name(SUB_CLASS + (code >> 8)) ?? classRows().name(BASE_CLASS + (code >> 16)),
    interfaceName: (code) => classRows().name(INTERFACE + code),
    vendors: () => vendorRows().all(),
    devices: (vendor) => devicesOf(vendor).all(),
    formerVendors: () => rows(formerVendorTable, 0, count(ROWS_AT.formerVendors), LEAF_ROW).all(),
    formerDevices: (vendor) =>
      rows(formerDeviceTable, 0, count(ROWS_AT.formerDevices), LEAF_ROW)
        .all()
        .filter((d) => Math.floor(d.id / 0x10000) === vendor)
        .map((d) => ({ id: d.id & 0xffff, name: d.name })),
    subsystems: (vendor, device) => subsystemsOf(vendor, device).all(),
    subClasses: () =>
      classRows()
        .all()
        .filter((c) => c.id >= SUB_CLASS && c.id < INTERFACE)
        .map((c) => ({ id: c.id - SUB_CLASS, name: c.name })),
  };
}

/** A stretch of one table, in memory. */
interface Rows {
  name(id: number): string | undefined;
  /** Where the children of a row are in the next table; empty for an id that is not there. */
  children(id: number): { readonly first: number; readonly end: number };
  all(): readonly Named[];
}

function readRows(source: ByteSource, table: number, first: number, end: number, size: number, names: NameTable): Rows {
  // One row more where there are children: it says where those of the last row end.
  const wanted = Math.max(0, end - first) + (size === PARENT_ROW ? 1 : 0);
  const available = Math.max(0, Math.floor((source.size - table) / size) - first);
  const view = viewOf(source.read(table + first * size, Math.min(wanted, available) * size));
  const have = Math.floor(view.byteLength / size);
  const count = Math.min(Math.max(0, end - first), have);
  const field = (row: number, at: number): number => view.getUint32(row * size + at, true);

  const rowOf = (id: number): number => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = field(middle, 0);
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
  return {
    name: (id) => {
      const row = rowOf(id);
      return row < 0 ? undefined : names.at(field(row, 4));
    },
    children: (id) => {
      const row = rowOf(id);
      return row < 0 || row + 1 >= have ? { first: 0, end: 0 } : { first: field(row, 8), end: field(row + 1, 8) };
    },
    all: () => {
      names.fetchAll();
      const entries: Named[] = [];
      for (let row = 0; row < count; row++) {
        const name = names.at(field(row, 4));
        if (name !== undefined) entries.push({ id: field(row, 0), name });
      }
      return entries;
    },
  };
}

/** The names of the file. */
interface NameTable {
  at(offset: number): string | undefined;
  /** To be called before many names are read: one read of all instead of one for each. */
  fetchAll(): void;
}

/** Most names are shorter: one read fetches length and text. */
const NAME_GUESS = 96;

function openNameTable(source: ByteSource, place: number): NameTable {
  let all: Uint8Array | undefined;
  const read = (offset: number, length: number): Uint8Array =>
    all === undefined ? source.read(place + offset, length) : all.subarray(offset, offset + length);
  return {
    at: (offset) => {
      if (place + offset + 2 > source.size) return undefined;
      let bytes = read(offset, NAME_GUESS);
      if (bytes.length < 2) return undefined;
      const end = 2 + ((bytes[0] as number) | ((bytes[1] as number) << 8));
      if (end > bytes.length) bytes = read(offset, end);
      return end > bytes.length ? undefined : utf8(bytes, 2, end);
    },
    fetchAll: () => {
      all ??= source.read(place, source.size - place);
    },
  };
}

/** Nearly all names are ASCII, and a TextDecoder takes longer to make than thirty of them to read. */
function utf8(bytes: Uint8Array, start: number, end: number): string {
  const text = bytes.subarray(start, end);
  for (let i = 0; i < text.length; i++) if ((text[i] as number) >= 0x80) return new TextDecoder().decode(text);
  return String.fromCharCode(...text);
}

function remembered<T>(make: (key: number) => T): (key: number) => T {
  const made = new Map<number, T>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
