/**
 * @module Device entries of an IVHD block (AMD I/O Virtualization 3.10, 5.2.2): which requester ids it covers.
 */
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex, textAt } from '../bytes/text.ts';
import type { IvhdEntry } from './ivrs.ts';
import type { Structure } from './structure-walk.ts';

const PAD_4 = 0x00;
const ALL = 0x01;
const SELECT = 0x02;
const RANGE_START = 0x03;
const RANGE_END = 0x04;
const PAD_8 = 0x40;
const ALIAS_SELECT = 0x42;
const ALIAS_RANGE_START = 0x43;
const EXTENDED_SELECT = 0x46;
const EXTENDED_RANGE_START = 0x47;
const SPECIAL = 0x48;
const ACPI_HID = 0xf0;

/** Fixed part of an ACPI_HID entry; its unique id follows. */
const ACPI_HID_SIZE = 22;
const UID_LENGTH = 21;
const UID_INTEGER = 1;
const UID_STRING = 2;
/** The only type of block in which Linux honours ACPI_HID entries. */
const IVHD_WITH_ACPI_HID = 0x40;

/** What the last start of a range said. Linux keeps it after the range has ended. */
interface RangeStart {
  readonly offset: number;
  readonly first: number;
  readonly flags: number;
  readonly extendedFlags: number;
  readonly alias: number | undefined;
}

/** Length of the entry at `at`; undefined for types whose length nobody knows (Linux would never get past them). */
function entryLength(block: Structure, at: number): number | undefined {
  const type = block.view.getUint8(at);
  if (type < 0x80) return 4 << (type >> 6);
  if (type !== ACPI_HID || at + ACPI_HID_SIZE > block.length) return undefined;
  return ACPI_HID_SIZE + block.view.getUint8(at + UID_LENGTH);
}

/** The entries from byte `start` of a block on, ranges joined. */
export function decodeIvhdEntries(block: Structure, start: number, log: DiagnosticLog): readonly IvhdEntry[] {
  const { view } = block;
  const entries: IvhdEntry[] = [];
  const addRange = (r: RangeStart, offset: number, last: number): void => {
    const { first, flags, extendedFlags, alias } = r;
    entries.push(Object.freeze({ kind: 'range', offset, first, last, flags, extendedFlags, alias }));
  };
  let range: RangeStart = { offset: block.offset, first: 0, flags: 0, extendedFlags: 0, alias: undefined };
  /** Where the range starts that has not ended yet. */
  let open: number | undefined;
  const openRange = (next: RangeStart): void => {
    if (open !== undefined) log.warning('range start after a range start: the first of them covers nothing', open);
    range = next;
    open = next.offset;
  };

  for (let at = start; at < block.length; ) {
    const offset = block.offset + at;
    const length = entryLength(block, at);
    const type = view.getUint8(at);
    if (length === undefined || at + length > block.length) {
      const fault = length === undefined ? 'has no known length' : 'passes the end of its block';
      log.error(`device entry of type ${hex(type)} ${fault}; it and those after it are not used`, offset);
      break;
    }
    const deviceId = view.getUint16(at + 1, true);
    const flags = view.getUint8(at + 3);
    const aliasId = (): number => view.getUint16(at + 5, true);
    const from = (extendedFlags: number, alias: number | undefined): RangeStart => ({
      offset,
      first: deviceId,
      flags,
      extendedFlags,
      alias,
    });
    switch (type) {
      case PAD_4:
      case PAD_8:
        break;
      case ALL:
        entries.push(Object.freeze({ kind: 'all', offset, flags }));
        break;
      case SELECT:
        addRange(from(0, undefined), offset, deviceId);
        break;
      case ALIAS_SELECT:
        addRange(from(0, aliasId()), offset, deviceId);
        break;
      case EXTENDED_SELECT:
        addRange(from(view.getUint32(at + 4, true), undefined), offset, deviceId);
        break;
      case RANGE_START:
        openRange(from(0, undefined));
        break;
      case ALIAS_RANGE_START:
        openRange(from(0, aliasId()));
        break;
      case EXTENDED_RANGE_START:
        openRange(from(view.getUint32(at + 4, true), undefined));
        break;
      case RANGE_END:
        if (open === undefined) {
          log.warning(`range end without a start: taken from ${hex(range.first)} on, as Linux does`, offset);
        }
        if (deviceId < range.first) log.warning('range ends before it starts: it covers nothing', offset);
        addRange(range, open ?? offset, deviceId);
        open = undefined;
        break;
      case SPECIAL: {
        const variety = view.getUint8(at + 7);
        entries.push(
          Object.freeze({
            kind: 'special',
            offset,
            variety: variety === 1 ? 'ioapic' : variety === 2 ? 'hpet' : 'other',
            handle: view.getUint8(at + 4),
            deviceId: aliasId(),
            flags,
          }),
        );
        break;
      }
      case ACPI_HID: {
        const { hid, cid, uid } = decodeAcpiHid(block, at);
        if (block.type !== IVHD_WITH_ACPI_HID) log.warning('ACPI device in an old type of block is ignored', offset);
        else if (hid === '') log.warning('ACPI device without a hardware id is ignored', offset);
        else entries.push(Object.freeze({ kind: 'acpi', offset, deviceId, hid, cid, uid, flags }));
        break;
      }
      default:
        log.warning(`device entry of unknown type ${hex(type)} is skipped`, offset);
    }
    at += length;
  }
  if (open !== undefined) log.warning('range start without an end: it covers nothing', open);
  return Object.freeze(entries);
}

function decodeAcpiHid(block: Structure, at: number): { hid: string; cid: string; uid: string | number | undefined } {
  const format = block.view.getUint8(at + 20);
  const length = block.view.getUint8(at + UID_LENGTH);
  const uidAt = at + ACPI_HID_SIZE;
  const uid =
    format === UID_STRING
      ? textAt(block.bytes, uidAt, uidAt + length)
      : // Of an integer Linux looks at the first byte only.
        format === UID_INTEGER && length > 0
        ? block.view.getUint8(uidAt)
        : undefined;
  return {
    hid: textAt(block.bytes, at + 4, at + 12).trimEnd(),
    cid: textAt(block.bytes, at + 12, at + 20).trimEnd(),
    uid,
  };
}
