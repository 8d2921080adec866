/**
 * @module The firmware's tables: ACPI from /sys/firmware/acpi/tables, the device tree from /sys/firmware/fdt.
 */
import {
  type Diagnostic,
  decodeDmar,
  decodeFlattenedDeviceTree,
  decodeIort,
  decodeIvrs,
  decodeMcfg,
  decodeViot,
  type Fact,
  type FirmwareFacts,
  isUnknown,
  type Unknown,
  unknown,
} from '@isogroups/pci';
import { isReadFailure } from '../tree/machine-tree.ts';
import { type Reading, unreadable } from './attributes.ts';

export const ACPI_TABLES = 'sys/firmware/acpi/tables';
export const FLATTENED_DEVICE_TREE = 'sys/firmware/fdt';

/** The tables that tell of IOMMUs, by signature. */
const SIGNATURES = ['DMAR', 'IVRS', 'IORT', 'VIOT', 'MCFG'] as const;

export function readFirmware(reading: Reading): FirmwareFacts {
  const names = tableNames(reading);
  return Object.freeze({
    dmar: readTable(reading, names, 'DMAR', decodeDmar),
    ivrs: readTable(reading, names, 'IVRS', decodeIvrs),
    iort: readTable(reading, names, 'IORT', decodeIort),
    viot: readTable(reading, names, 'VIOT', decodeViot),
    mcfg: readTable(reading, names, 'MCFG', decodeMcfg),
    deviceTree: readDeviceTree(reading),
  });
}

/**
 * Names of the tables that the kernel shows. Empty where the machine has no ACPI: the directory of the firmware can be
 * read, and ACPI is not in it.
 */
function tableNames(reading: Reading): Fact<readonly string[]> {
  const tables = reading.tree.list(ACPI_TABLES);
  if (!isReadFailure(tables)) return tables;
  if (tables.reason !== 'missing') return unreadable(reading, tables);
  return lacks(reading, 'acpi') ? [] : unknown(tables.message, 'a snapshot that holds the ACPI tables');
}

/** Whether the machine is known to have nothing of that name in /sys/firmware. */
function lacks(reading: Reading, name: string): boolean {
  if (!reading.tree.complete) return false;
  const firmware = reading.tree.list('sys/firmware');
  return !isReadFailure(firmware) && !firmware.includes(name);
}

interface Decoded<T> {
  readonly table: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function readTable<T>(
  reading: Reading,
  names: Fact<readonly string[]>,
  signature: (typeof SIGNATURES)[number],
  decode: (bytes: Uint8Array, file: string) => Decoded<T>,
): Fact<T | null> {
  if (isUnknown(names)) return names;
  const name = firstInstance(names, signature);
  if (name === undefined) {
    if (reading.tree.complete) return null;
    return unknown(
      `${ACPI_TABLES}/${signature}: not there, but parts of the snapshot are lost`,
      'a complete snapshot of the machine',
    );
  }
  return decodeFile(reading, `${ACPI_TABLES}/${name}`, decode);
}

/** Linux numbers tables of one signature from 1 where there are several; its drivers use the first. */
export function firstInstance(names: readonly string[], signature: string): string | undefined {
  return [signature, `${signature}1`].find((name) => names.includes(name));
}

function decodeFile<T>(
  reading: Reading,
  file: string,
  decode: (bytes: Uint8Array, file: string) => Decoded<T>,
): Fact<T> {
  const bytes = reading.tree.readBytes(file);
  if (isReadFailure(bytes)) return unreadable(reading, bytes);
  const { table, diagnostics } = decode(bytes, file);
  reading.diagnostics.push(...diagnostics);
  return table ?? unusable(file);
}

const unusable = (file: string): Unknown =>
  unknown(`${file}: too damaged to be used`, 'an undamaged copy of the table');

function readDeviceTree(reading: Reading): FirmwareFacts['deviceTree'] {
  const bytes = reading.tree.readBytes(FLATTENED_DEVICE_TREE);
  if (!isReadFailure(bytes)) return decodeFile(reading, FLATTENED_DEVICE_TREE, decodeFlattenedDeviceTree);
  if (bytes.reason === 'missing' && lacks(reading, 'fdt') && lacks(reading, 'devicetree')) return null;
  return unreadable(reading, bytes);
}
