/**
 * @module Attribute files and links of sysfs as facts: read, known to be absent, or unknown.
 */
import { type Diagnostic, diagnostic, type Fact, type MachineSource, type Unknown, unknown } from '@isogroups/pci';
import { decodeText } from '../tree/decode-text.ts';
import { isReadFailure, type MachineTree, type ReadFailure } from '../tree/machine-tree.ts';

/** What all the readers of one machine share. */
export interface Reading {
  readonly tree: MachineTree;
  readonly source: MachineSource;
  /** Collected on the way. */
  readonly diagnostics: Diagnostic[];
  /** Whether `driver_override` is read: in a running machine that can wait for a driver (see patient-tree.ts). */
  readonly overrides: boolean;
}

/**
 * A text file without the line end. Text stops at the first zero byte: tar pads a file of sysfs, which states 4096 bytes
 * and holds fewer, with zeros.
 */
export function readText(tree: MachineTree, path: string): string | ReadFailure {
  const bytes = tree.readBytes(path);
  if (isReadFailure(bytes)) return bytes;
  const end = bytes.indexOf(0);
  return decodeText(bytes, 0, end === -1 ? bytes.length : end).trimEnd();
}

/** The fact that takes the place of what could not be read; told as a diagnostic too when the input is at fault. */
export function unreadable(reading: Reading, failure: ReadFailure): Unknown {
  const live = reading.source.kind === 'live';
  if (failure.reason === 'denied') {
    return unknown(failure.message, live ? 'run as root' : 'capture the machine again as root');
  }
  if (failure.reason === 'missing') {
    return unknown(failure.message, live ? 'a kernel that offers this file' : 'a complete snapshot of the machine');
  }
  if (failure.reason === 'locked') return unknown(failure.message, 'isogroups doctor says who holds it');
  reading.diagnostics.push(diagnostic('warning', reading.source.label, failure.message));
  return unknown(failure.message, 'a complete snapshot of the machine');
}

/** One directory of sysfs, listed once, so that what it does not have costs nothing to find out. */
export interface AttributeDirectory {
  readonly path: string;
  /** Undefined where the directory could not be listed. */
  readonly names: readonly string[] | undefined;
  /** Text of a file; null: the kernel offers no such file here. */
  text(name: string): Fact<string | null>;
  /** A link's own text; null: there is no such link. */
  link(name: string): Fact<string | null>;
  /** The last part of a link's text. */
  linkName(name: string): Fact<string | null>;
}

/**
 * `fileMarker` and `linkMarker` are in every directory of this kind: where one of them is missing, the directory was
 * copied without its files or without its links (or was cut), and then nothing can be said to be absent.
 */
export function openDirectory(
  reading: Reading,
  path: string,
  fileMarker: string,
  linkMarker: string,
): AttributeDirectory {
  const listing = reading.tree.list(path);
  const names = isReadFailure(listing) ? undefined : listing;
  const present = new Set(names);
  const absent = (name: string, marker: string): Unknown | null => {
    if (present.has(marker) && reading.tree.complete) return null;
    const why = present.has(marker) ? 'but parts of the snapshot are lost' : `nor is ${marker}`;
    return unknown(`${path}/${name}: not there, ${why}`, 'a complete snapshot of the machine');
  };

  const get = (name: string, marker: string, read: () => string | ReadFailure): Fact<string | null> => {
    if (isReadFailure(listing)) return unreadable(reading, listing);
    if (!present.has(name)) return absent(name, marker);
    const content = read();
    if (!isReadFailure(content)) return content;
    // The IOMMU's own function has a directory called as the link of other functions; but in a copy that followed links
    // all of them have become directories.
    const isOther = content.reason === 'not-a-link' && !isReadFailure(reading.tree.readLink(`${path}/${marker}`));
    return isOther ? null : unreadable(reading, content);
  };
  const link = (name: string): Fact<string | null> =>
    get(name, linkMarker, () => reading.tree.readLink(`${path}/${name}`));
  return {
    path,
    names,
    text: (name) => get(name, fileMarker, () => readText(reading.tree, `${path}/${name}`)),
    link,
    linkName: (name) => mapText(link(name), lastPart),
  };
}

/** Applies `convert` to a text that is known and there. */
export function mapText<T>(fact: Fact<string | null>, convert: (text: string) => T): Fact<T | null> {
  return typeof fact === 'string' ? convert(fact) : fact;
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
