/**
 * @module Takes a tar archive apart: POSIX ustar and pax, and the long names of GNU tar.
 *
 * Written for archives that cannot be trusted: it is synchronous, runs in a browser, copies no file content, and tells
 * the offset of all that it refuses. Bytes go in, entries and diagnostics come out; nothing is ever written anywhere.
 */
import { type Diagnostic, diagnostic } from '@isogroups/pci';
import { decodeText } from './decode-text.ts';
import type { PlacedEntry } from './memory-tree.ts';

export interface TarLimits {
  /** Entries after this many are left out. */
  readonly entries: number;
  /** Diagnostics after this many are only counted. */
  readonly diagnostics: number;
}

/** A machine with 1000 functions has about 100 000 files. */
const DEFAULT_TAR_LIMITS: TarLimits = Object.freeze({ entries: 2_000_000, diagnostics: 100 });

export interface TarContent {
  readonly entries: readonly PlacedEntry[];
  /** False where the archive is cut or damaged, so that there were more entries. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const BLOCK = 512;

/** Whether the bytes begin with a tar header: the checksum of its first block is right. */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && checksumIsRight(openArchive(bytes.subarray(0, BLOCK)), 0);
}

/** Reads all of the archive; `label` names it in diagnostics, whose offsets are those of the unpacked archive. */
export function readTar(given: Uint8Array, label: string, limits: TarLimits = DEFAULT_TAR_LIMITS): TarContent {
  const archive = openArchive(given);
  const { bytes } = archive;
  const entries: PlacedEntry[] = [];
  const complaints: Diagnostic[] = [];
  let unsaid = 0;
  const complain = (severity: Diagnostic['severity'], offset: number, message: string): void => {
    if (complaints.length < limits.diagnostics) complaints.push(diagnostic(severity, label, message, offset));
    else unsaid += 1;
  };

  let at = 0;
  let ended = false;
  let complete = true;
  /** In a stretch without a sound header, of which the user was told already. */
  let lost = false;
  /** What pax and GNU headers say of the entry that follows them. */
  let override: Override = {};

  while (at + BLOCK <= bytes.length) {
    if (isZeroBlock(bytes, at)) {
      ended = true;
      break;
    }
    if (!checksumIsRight(archive, at)) {
      if (!lost) complain('error', at, 'not a tar header (its checksum is wrong); searching for the next one');
      lost = true;
      complete = false;
      override = {};
      at += BLOCK;
      continue;
    }
    lost = false;

    const header = readHeader(bytes, at);
    const size = override.size ?? header.size;
    const start = at + BLOCK;
    if (size === undefined || start + size > bytes.length) {
      const name = shown(override.path ?? header.path);
      complain('error', at, `${name} states a size of ${size ?? 'no number'}, but the archive ends; left out`);
      override = {};
      // Not skipped by that size: it may be the size that is wrong.
      at = start;
      lost = true;
      complete = false;
      continue;
    }
    const body = bytes.subarray(start, start + size);
    const offset = at;
    at = start + Math.ceil(size / BLOCK) * BLOCK;

    if (header.type === 'x' || header.type === 'L' || header.type === 'K') {
      override = { ...override, ...readOverride(header.type, body) };
      continue;
    }
    if (header.type === 'g') continue;

    const path = tidy(override.path ?? header.path);
    const target = override.target ?? header.target;
    override = {};
    if (entries.length >= limits.entries) {
      complain('error', offset, `more than ${limits.entries} entries; the rest is left out`);
      complete = false;
      ended = true;
      break;
    }
    // `.` itself, as in `tar -c .`
    if (path === '') continue;
    switch (header.type) {
      case '0':
      case '\0':
      case '7':
        entries.push({ kind: 'file', path, bytes: body, offset });
        break;
      case '2':
        entries.push({ kind: 'link', path, target, offset });
        break;
      case '5':
        entries.push({ kind: 'directory', path, offset });
        break;
      default:
        complain(
          'warning',
          offset,
          `${shown(path)} is ${TYPE_NAMES[header.type] ?? `of type ${shown(header.type)}`}; left out`,
        );
    }
  }
  if (!ended) {
    complete = false;
    complain('warning', bytes.length, 'the archive ends without its end mark; it may be cut');
  }
  if (unsaid > 0) complaints.push(diagnostic('warning', label, `${unsaid} more like these`));
  return { entries, complete, diagnostics: complaints };
}

const TYPE_NAMES: Record<string, string> = {
  '1': 'a hard link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a pipe',
  S: 'a sparse file',
};

interface Header {
  readonly path: string;
  readonly size: number | undefined;
  readonly type: string;
  readonly target: string;
}

function readHeader(bytes: Uint8Array, at: number): Header {
  const name = readText(bytes, at, 100);
  // POSIX only: GNU's magic is "ustar " with a space, and other things stand where the prefix is.
  const prefix = readText(bytes, at + 257, 6) === 'ustar' ? readText(bytes, at + 345, 155) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: readNumber(bytes, at + 124, 12),
    type: String.fromCharCode(bytes[at + 156] as number),
    target: readText(bytes, at + 157, 100),
  };
}

interface Override {
  path?: string;
  target?: string;
  size?: number;
}

function readOverride(type: 'x' | 'L' | 'K', body: Uint8Array): Override {
  if (type === 'L') return { path: readText(body, 0, body.length) };
  if (type === 'K') return { target: readText(body, 0, body.length) };
  return readPax(body);
}

/** Records `27 path=some/long/name\n`, of which the number is the length of the whole record. */
function readPax(body: Uint8Array): Override {
  const override: Override = {};
  let at = 0;
  while (at < body.length) {
    const space = body.indexOf(0x20, at);
    // Ten digits are plenty; more are no length.
    if (space === -1 || space - at > 10) break;
    const length = Number(decodeText(body, at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > body.length) break;
    const record = decodeText(body, space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const value = record.slice(equals + 1);
    if (record.startsWith('path=')) override.path = value;
    else if (record.startsWith('linkpath=')) override.target = value;
    else if (record.startsWith('size=') && /^\d{1,15}$/.test(value)) override.size = Number(value);
    at += length;
  }
  return override;
}

function readText(bytes: Uint8Array, at: number, length: number): string {
  let end = at;
  const limit = Math.min(at + length, bytes.length);
  while (end < limit && bytes[end] !== 0) end += 1;
  return decodeText(bytes, at, end);
}

/** Octal digits or, with the highest bit set, a binary number (GNU, for sizes of 8 GiB and more). */
function readNumber(bytes: Uint8Array, at: number, length: number): number | undefined {
  if ((bytes[at] as number) & 0x80) return undefined;
  const text = readText(bytes, at, length).trim();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** The same bytes, or a copy of them, as they are and by words. */
interface Archive {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

function openArchive(given: Uint8Array): Archive {
  // Whatever kind of buffer is given, the files are plain bytes.
  const plain = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const bytes = plain.byteOffset % 4 === 0 ? plain : plain.slice();
  return { bytes, words: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2) };
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksumIsRight({ bytes, words }: Archive, at: number): boolean {
  const stated = readNumber(bytes, at + 148, 8);
  if (stated === undefined || stated === 0) return false;
  // Four bytes at a time, in two pairs: of thousands of headers this is most of the work.
  let even = 0;
  let odd = 0;
  for (let i = at / 4; i < (at + BLOCK) / 4; i++) {
    const word = words[i] as number;
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  const pairs = even + odd;
  let sum = (pairs & 0xffff) + (pairs >>> 16) + 8 * 0x20;
  for (let i = 148; i < 156; i++) sum -= bytes[at + i] as number;
  return sum === stated;
}

function isZeroBlock(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) {
    if (bytes[i] !== 0) return false;
  }
  return true;
}

/** Without the `./` in front and the `/` behind; `..` and absolute names stay, for the tree to refuse. */
function tidy(path: string): string {
  let start = 0;
  while (path.startsWith('./', start)) start += 2;
  let end = path.length;
  // By hand: a pattern for it takes time by the square of a long row of slashes.
  while (end > start + 1 && path[end - 1] === '/') end -= 1;
  const tidied = path.slice(start, end);
  return tidied === '.' ? '' : tidied;
}

const shown = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
