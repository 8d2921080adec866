/**
 * @module The text of pci.ids (pci-ids.ucw.cz): vendors, devices, subsystems and classes, indented by tabs.
 */
import { type Diagnostic, diagnostic } from '@isogroups/pci';
import type { Named } from './name-index.ts';

/** A line with the lines that are indented below it, in the order of the file. */
export interface NameEntry extends Named {
  readonly below: readonly NameEntry[];
}

export interface PciIds {
  /** `2026-10-24`, empty where the file does not say. */
  readonly date: string;
  /** Vendors (16 bits); below them devices (16 bits); below those subsystems (vendor in bits 31:16, device below). */
  readonly vendors: readonly NameEntry[];
  /** Base classes (8 bits); below them sub classes (16-bit class numbers); below those interfaces (24-bit codes). */
  readonly classes: readonly NameEntry[];
  /** They name the file with the line. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The file has about 40 000 lines. Beyond this it is something else, and is read no further. */
const MOST_LINES = 1_000_000;
const MOST_DIAGNOSTICS = 20;
/** The longest name has some 190 characters; the prepared index stores lengths in 16 bits. */
const LONGEST_NAME = 1000;

const DATE = /^#\s*Date:\s*(\d{4}-\d{2}-\d{2})/m;
const TOP = /^(?:C ([0-9a-f]{2})|([0-9a-f]{4}))[ \t]+(\S.*)$/i;
const SECOND = /^\t(?:([0-9a-f]{4})|([0-9a-f]{2}))[ \t]+(\S.*)$/i;
const THIRD = /^\t\t(?:([0-9a-f]{4})[ \t]+([0-9a-f]{4})|([0-9a-f]{2}))[ \t]+(\S.*)$/i;

interface OpenEntry extends Named {
  readonly below: OpenEntry[];
}

/** Never throws. Lines that make no sense are told and passed over. */
export function parsePciIds(text: string, file: string): PciIds {
  const vendors: OpenEntry[] = [];
  const classes: OpenEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  /** The entries that are open at each depth: what is indented next goes below them. */
  let top: OpenEntry | undefined;
  let second: OpenEntry | undefined;
  let inClasses = false;
  let number = 0;
  const tell = (message: string): void => {
    if (diagnostics.length < MOST_DIAGNOSTICS)
      diagnostics.push(diagnostic('warning', `${file}, line ${number}`, message));
  };

  for (const line of linesOf(text)) {
    if (++number > MOST_LINES) {
      tell(`more than ${MOST_LINES} lines; the rest is not read`);
      break;
    }
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith('\t')) {
      const m = TOP.exec(line);
      second = undefined;
      top = m === null ? undefined : entry(m[1] ?? m[2], 0, m[3]);
      inClasses = m?.[1] !== undefined;
      if (top !== undefined) (inClasses ? classes : vendors).push(top);
      // Other lists of this form have sections of their own ("S ", "L "): not ours, but nothing is wrong with them.
      else if (!/^[A-Z]+ /.test(line)) tell('neither a vendor nor a class; passed over with what is below it');
    } else if (!line.startsWith('\t\t')) {
      const m = SECOND.exec(line);
      second = undefined;
      if (top === undefined) continue;
      const id = inClasses ? m?.[2] : m?.[1];
      if (m === null || id === undefined) {
        tell(`not a ${inClasses ? 'sub class' : 'device'}; passed over`);
        continue;
      }
      second = entry(id, inClasses ? top.id << 8 : 0, m[3]);
      top.below.push(second);
    } else if (second !== undefined) {
      const m = THIRD.exec(line);
      const id = inClasses ? m?.[3] : m?.[1] && `${m[1]}${m[2]}`;
      if (m === null || id === undefined)
        tell(`not a ${inClasses ? 'programming interface' : 'subsystem'}; passed over`);
      else second.below.push(entry(id, inClasses ? second.id << 8 : 0, m[4]));
    }
  }
  return { date: pciIdsDate(text.slice(0, 4096)), vendors, classes, diagnostics };
}

function entry(digits: string | undefined, above: number, name: string | undefined): OpenEntry {
  const id = Number.parseInt(digits ?? '0', 16);
  return { id: above + id, name: (name ?? '').slice(0, LONGEST_NAME).trimEnd(), below: [] };
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    yield text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop);
    start = stop + 1;
  }
}

/** Day of a pci.ids by its first lines: what decides which of two is newer. Empty where they do not say. */
export function pciIdsDate(head: string): string {
  return DATE.exec(head)?.[1] ?? '';
}
