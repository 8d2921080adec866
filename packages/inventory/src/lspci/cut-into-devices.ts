/**
 * @module Cuts the lines of a text into devices, and each device into heading, properties, capabilities, hex dump.
 *
 * Indentation is of little use: texts come with tabs, with spaces, with none. What can be relied on is lspci's order
 * (heading, properties, capabilities, driver, hex dump) and the words that its lines begin with. A line that begins with
 * none of them belongs to what is above it, be it a further line of lspci's own or the rest of one that was broken.
 */
import type { DeviceBlock, HexRow, TextRecord } from './device-block.ts';
import { readSlotName, type SlotName } from './slot-name.ts';
import type { TextLine } from './text-lines.ts';

export interface DeviceText {
  readonly blocks: readonly DeviceBlock[];
  /** Lines that begin like a device but are none. */
  readonly strays: readonly number[];
}

/** Only before the capabilities: within those, `Status:` and `Control:` are something else. */
const PROPERTY =
  /^(DeviceName|Subsystem|Physical Slot|Device tree node|Flags|Control|Status|Latency|Interrupt|NUMA node|IOMMU group|Bus|I\/O behind bridge|Memory behind bridge|Prefetchable memory behind bridge|Secondary status|BridgeCtl|Region \d|I\/O window \d|Memory window \d)\s*:/;
/** Properties without a colon, of which nothing is needed but where they begin. */
const OTHER_PROPERTY = /^(!!!|BIST |(?:\[virtual\] )?Expansion ROM at |I\/O ports at |Memory at |16-bit legacy )/;
const ALWAYS = /^(Capabilities|Kernel driver in use|Kernel modules)\s*:/;
const HEX_ROW = /^([0-9a-f]{2,3}):((?: [0-9a-f]{2}){1,16})$/i;
/** With the number before the colon; lspci itself has it behind. */
const GROUP_LISTING = /^IOMMU\s+Group\s+(\d{1,6})\s*:?\s*(.*)$/i;
const ELISION = /^[[<({*\s-]*(?:\.{3}|…|(?:snip|snipped|cut|trimmed)\b)/i;
/** The last bracket of a heading that is whole, but for more of the same. */
const LAST_BRACKET = /^(?:\[[0-9a-f]{4}:[0-9a-f]{4}\]|\(rev [0-9a-f]{2}\)|\(prog-if .*\))$/;

/** Mail programs break lines at 72 to 80 columns; a tab takes up to seven more of them than it shows characters. */
const NARROWEST = 40;

export function cutIntoDevices(lines: readonly TextLine[]): DeviceText {
  const blocks: OpenBlock[] = [];
  /** Widths of the lines that were broken. */
  const brokenAt: number[] = [];
  let block: OpenBlock | undefined;
  let record: OpenRecord | undefined;
  let group: number | undefined;
  let used: TextLine | undefined;
  /** A device went on after an empty line: then empty lines do not tell where a device ends. */
  let looselySpaced = false;

  for (const line of lines) {
    // Directly below a line that was used: prose does not draw more prose in.
    const above = used?.number === line.number - 1 ? used : undefined;
    const broken = record !== undefined && above !== undefined && wasBroken(above, line, record);
    if (line.text === '' && !line.cut) {
      if (block !== undefined) block.ended = true;
      continue;
    }
    const listing = broken && record?.key === 'Flags' ? null : GROUP_LISTING.exec(line.text);
    if (listing !== null) {
      group = Number.parseInt(listing[1] as string, 10);
      block = record = undefined;
    }
    const text = listing?.[2] ?? line.text;
    const slot = readSlotName(text);
    if (slot !== undefined) {
      record = openRecord('', text.slice(slot.text.length), line);
      block = { slot, heading: record, records: [], hexRows: [], group, late: false, ended: false, elided: false };
      blocks.push(block);
      used = line;
      continue;
    }
    if (block === undefined) continue;

    const begun = beginRecord(line, block);
    const hex = begun === undefined ? HEX_ROW.exec(line.text) : null;
    if (begun !== undefined) {
      record = begun;
      block.records.push(begun);
    } else if (hex !== null) {
      record = undefined;
      block.hexRows.push(readHexRow(hex, line));
    } else if (ELISION.test(line.text)) {
      block.elided = true;
      continue;
    } else if (record !== undefined && (broken || isDetail(line, record, above !== undefined))) {
      record.lines.push({ text: line.text, broken, indent: line.indent });
      record.cut ||= line.cut;
      if (broken) brokenAt.push(above?.width ?? 0);
    } else {
      // Prose around and between the devices, or a property of a kind that is not known here.
      if (line.indent > 1) record = openRecord('?', '', line);
      continue;
    }
    if (block.ended) looselySpaced = true;
    block.ended = false;
    used = line;
  }

  // Broken at words, lines differ in width; all broken at one column means within words as well.
  const glue = brokenAt.length > 1 && new Set(brokenAt).size === 1 ? '' : ' ';
  const isDevice = (b: OpenBlock): boolean =>
    b.heading.lines.some((l) => l.text.includes(':')) || (b.hexRows.length > 0 && b.heading.lines[0]?.text === '');
  const last = blocks.at(-1);
  return {
    blocks: blocks.filter(isDevice).map((b) => close(b, glue, b === last && (!b.ended || looselySpaced))),
    strays: blocks.filter((b) => !isDevice(b) && !b.heading.cut).map((b) => b.heading.line),
  };
}

interface OpenRecord {
  readonly key: string;
  readonly lines: { readonly text: string; readonly broken: boolean; readonly indent: number }[];
  readonly line: number;
  cut: boolean;
}

interface OpenBlock {
  readonly slot: SlotName;
  readonly heading: OpenRecord;
  readonly records: OpenRecord[];
  readonly hexRows: HexRow[];
  readonly group: number | undefined;
  /** The properties that may have a name of the capabilities' own are past. */
  late: boolean;
  /** An empty line came after it. */
  ended: boolean;
  elided: boolean;
}

function openRecord(key: string, text: string, line: TextLine): OpenRecord {
  return { key, lines: [{ text: text.trimStart(), broken: false, indent: 0 }], line: line.number, cut: line.cut };
}

/** Whether `line` is the rest of the one above it, which a mail program broke: those do not indent the rest. */
function wasBroken(above: TextLine, line: TextLine, record: OpenRecord): boolean {
  if (above.width < NARROWEST || line.indent > 1) return false;
  if (record.key !== '' || /^[([]/.test(line.text)) return true;
  const bracket = Math.max(above.text.lastIndexOf('('), above.text.lastIndexOf(' [') + 1);
  return !LAST_BRACKET.test(above.text.slice(bracket));
}

/** Whether `line` is one of lspci's own below a property or capability; of the latter even without its indentation. */
function isDetail(line: TextLine, record: OpenRecord, touches: boolean): boolean {
  return record.key !== '' && (line.indent > 1 || (record.key === 'Capabilities' && touches));
}

function beginRecord(line: TextLine, block: OpenBlock): OpenRecord | undefined {
  const late = ALWAYS.exec(line.text);
  block.late ||= late !== null;
  const m = late ?? (block.late ? null : (PROPERTY.exec(line.text) ?? OTHER_PROPERTY.exec(line.text)));
  return m === null ? undefined : openRecord(m[1] as string, line.text.slice(m[0].length), line);
}

function readHexRow(m: RegExpExecArray, line: TextLine): HexRow {
  const bytes = (m[2] as string).trim().split(' ');
  return {
    offset: Number.parseInt(m[1] as string, 16),
    bytes: bytes.map((b) => Number.parseInt(b, 16)),
    line: line.number,
  };
}

function close(block: OpenBlock, glue: string, unfinished: boolean): DeviceBlock {
  const records = block.records.map((r) => closeRecord(r, glue));
  const properties = new Map<string, TextRecord>();
  for (const r of records) if (!properties.has(r.key)) properties.set(r.key, r);
  properties.delete('Capabilities');
  return {
    slot: block.slot,
    heading: closeRecord(block.heading, glue),
    properties,
    capabilities: records.filter((r) => r.key === 'Capabilities'),
    hexRows: block.hexRows,
    listedGroup: block.group,
    elided: block.elided,
    unfinished,
  };
}

function closeRecord(record: OpenRecord, glue: string): TextRecord {
  const text = record.lines.map((l, i) => (i === 0 ? '' : l.broken && l.indent === 0 ? glue : ' ') + l.text).join('');
  return { key: record.key, text, squeezed: text.replaceAll(' ', ''), line: record.line, cut: record.cut };
}
