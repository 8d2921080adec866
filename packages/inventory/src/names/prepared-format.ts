/**
 * @module The prepared index of names: pci.ids as sorted tables of fixed width, so that a lookup is a binary search.
 *
 * All numbers are little endian, 32 bits. A header, six tables, then the names:
 *
 *     header   64 bytes: magic, version, rows of the tables, place of the names, date of the pci.ids
 *     vendors  id, name, first device       (12 bytes; one more row ends the last vendor's devices)
 *     devices  id, name, first subsystem    (12 bytes; vendor by vendor; one more row as above)
 *     subsystems  vendor << 16 | device, name    (8 bytes; device by device)
 *     classes  level << 24 | code, name     (8 bytes; base classes, then sub classes, then interfaces)
 *     former vendors  id, name              (8 bytes; names in older lists, several of one id as may be)
 *     former devices  vendor << 16 | id, name    (8 bytes)
 *     names    length (16 bits) and UTF-8; a row's `name` is the offset from the place of the names; each name once
 */

export const MAGIC = 'PCINAMES';
export const FORMAT_VERSION = 1;

/** Bytes of the header, and where in it things are. */
export const HEADER_SIZE = 64;
export const VERSION_AT = 8;
/** The number of rows of each table. */
export const ROWS_AT: Readonly<Record<Table, number>> = Object.freeze({
  vendors: 12,
  devices: 16,
  subsystems: 20,
  classes: 24,
  formerVendors: 28,
  formerDevices: 32,
});
export const NAMES_AT = 36;
export const DATE_AT = 40;
export const DATE_SIZE = 16;

export type Table = 'vendors' | 'devices' | 'subsystems' | 'classes' | 'formerVendors' | 'formerDevices';

/** Bytes of a row that says where its children start, and of one that has none. */
export const PARENT_ROW = 12;
export const LEAF_ROW = 8;

/** Levels of a class, in the top byte of its key. */
export const BASE_CLASS = 0;
export const SUB_CLASS = 0x01000000;
export const INTERFACE = 0x02000000;
