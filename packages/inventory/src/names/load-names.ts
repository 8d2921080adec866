/**
 * @module Finds the names of devices on disk: the index that is shipped prepared, then the system's own pci.ids.
 *
 * The shipped index comes first because it costs a few reads of some bytes, where a pci.ids costs reading 1.6 MB and
 * searching it. The system's file is opened only for an id (or name) that the index does not have, and used only when
 * it is newer than the index: otherwise it cannot know more.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layerNames } from './layered-names.ts';
import { type NameIndex, nameIndex } from './name-index.ts';
import { pciIdsDate } from './pci-ids.ts';
import { type ByteSource, preparedNames } from './prepared-names.ts';
import { textNames } from './text-names.ts';

/** Name of the prepared index, which stands beside the bundled command or in the package's `dist/data`. */
export const PREPARED_FILE = 'pci-names.bin';

/** Where distributions keep pci.ids; `update-pciids` writes the newer one to one of these too. */
export const SYSTEM_FILES: readonly string[] = Object.freeze([
  '/usr/share/misc/pci.ids',
  '/usr/share/hwdata/pci.ids',
  '/var/lib/pciutils/pci.ids',
]);

export interface NameFiles {
  /** Places of the prepared index; the first that can be used is. */
  readonly prepared: readonly string[];
  /** Places of pci.ids texts, asked in this order for what the index lacks, if newer. */
  readonly texts: readonly string[];
  /** Names in older lists, for use with a text; the prepared index has them. */
  readonly former?: string;
}

export function shippedNameFiles(): NameFiles {
  const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return {
    // In a bundle; from dist/names; from src/names.
    prepared: [`./${PREPARED_FILE}`, `../data/${PREPARED_FILE}`, `../../dist/data/${PREPARED_FILE}`].map(beside),
    texts: [...SYSTEM_FILES, beside('../../data/pci.ids')],
    former: beside('../../data/former-names.ids'),
  };
}

/**
 * `undefined` when no file can be used: then names are told as numbers. Never throws. The prepared index stays open for
 * the life of the process.
 */
export function loadNames(files: NameFiles = shippedNameFiles()): NameIndex | undefined {
  for (const path of files.prepared) {
    const source = openBytes(path);
    if (source === undefined) continue;
    const names = preparedNames(source);
    if (names !== undefined) return layerNames(nameIndex(names), () => newerText(files, names.date));
    source.close();
  }
  return newerText(files, '');
}

/** Names from the newest of the texts that are newer than `date` (`2026-10-24`). */
function newerText({ texts, former }: NameFiles, date: string): NameIndex | undefined {
  let newest: { readonly path: string; readonly date: string } | undefined;
  for (const path of texts) {
    const found = dateOf(path);
    if (found !== undefined && (date === '' || found > date) && (newest === undefined || found > newest.date)) {
      newest = { path, date: found };
    }
  }
  if (newest === undefined) return undefined;
  const text = readText(newest.path);
  return text === undefined ? undefined : nameIndex(textNames(text, former === undefined ? '' : readText(former)));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** `undefined` when the file cannot be read. Its date is in the first lines. */
function dateOf(path: string): string | undefined {
  const source = openBytes(path);
  if (source === undefined) return undefined;
  const head = new TextDecoder().decode(source.read(0, 1024));
  source.close();
  return pciIdsDate(head);
}

function openBytes(path: string): (ByteSource & { close(): void }) | undefined {
  try {
    const file = openSync(path, 'r');
    return {
      size: fstatSync(file).size,
      read: (offset, length) => {
        const bytes = new Uint8Array(length);
        try {
          return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
        } catch {
          return bytes.subarray(0, 0);
        }
      },
      close: () => closeSync(file),
    };
  } catch {
    return undefined;
  }
}
