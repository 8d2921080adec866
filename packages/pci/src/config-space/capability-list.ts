/**
 * @module The standard capability list (PCI 3.0, 6.7): a chain of one-byte pointers in the first 256 bytes.
 */
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex } from '../bytes/text.ts';
import { type Fact, isUnknown, type Unknown } from '../facts/fact.ts';
import { CONVENTIONAL_SIZE, type ConfigReader, HEADER_SIZE } from './config-reader.ts';

/** A list as far as it could be walked. */
export interface CapabilityList {
  /** Id to offset; of several with one id the first, which is the one that Linux finds. */
  readonly offsets: ReadonlyMap<number, number>;
  /**
   * What holds for an id that is not in `offsets`: null where the list was walked to its end, unknown where our window
   * ended first. A list that ends *badly* (a loop, a stray pointer) counts as ended: Linux stops there as well.
   */
  readonly others: null | Unknown;
  /** Where the space of the list ends: 256 or 4096. */
  readonly end: number;
}

/** A kind of capability: `size` bytes of it are read here. */
export interface CapabilityKind {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}

export function emptyList(end: number, others: null | Unknown = null): CapabilityList {
  return { offsets: new Map(), others, end };
}

/** The offset of a capability; null where the function is known not to have it. Tells of one that its space cuts. */
export function findCapability(list: CapabilityList, kind: CapabilityKind, log: DiagnosticLog): Fact<number | null> {
  const at = list.offsets.get(kind.id);
  if (at === undefined) return list.others;
  if (at + kind.size > list.end) {
    log.warning(`the ${kind.name} capability does not fit below byte ${list.end}; the rest of it is unknown`, at);
  }
  return at;
}

/** Decodes a capability where it stands; passes on "absent" and "unknown". */
export function decodeAt<T>(at: Fact<number | null>, decode: (at: number) => Fact<T>): Fact<T | null> {
  return at === null || isUnknown(at) ? at : decode(at);
}

const STATUS = 0x06;
const STATUS_CAPABILITIES = 0x10;
const HEADER_TYPE = 0x0e;
/** Where the pointer to the first capability is, by header layout; other layouts have none. */
const FIRST_POINTER: readonly number[] = [0x34, 0x34, 0x14];

export function readCapabilityList(config: ConfigReader, log: DiagnosticLog): CapabilityList {
  const status = config.u16(STATUS);
  if (isUnknown(status)) return emptyList(CONVENTIONAL_SIZE, status);
  if ((status & STATUS_CAPABILITIES) === 0) return emptyList(CONVENTIONAL_SIZE);
  const headerType = config.u8(HEADER_TYPE);
  if (isUnknown(headerType)) return emptyList(CONVENTIONAL_SIZE, headerType);
  const start = FIRST_POINTER[headerType & 0x7f];
  if (start === undefined) return emptyList(CONVENTIONAL_SIZE);

  const offsets = new Map<number, number>();
  const visited = new Set<number>();
  const ended = (others: null | Unknown): CapabilityList => ({ offsets, others, end: CONVENTIONAL_SIZE });

  for (let pointerAt = start; ; ) {
    const pointer = config.u8(pointerAt);
    if (isUnknown(pointer)) return ended(pointer);
    if (pointer === 0) return ended(null);
    if (pointer < HEADER_SIZE) {
      log.warning(`capability pointer ${hex(pointer)} points into the header; the list ends here`, pointerAt);
      return ended(null);
    }
    // The two low bits are reserved: masked, as Linux does.
    const at = pointer & 0xfc;
    if (visited.has(at)) {
      log.warning(`capability list loops back to ${hex(at)}; it ends here`, pointerAt);
      return ended(null);
    }
    visited.add(at);
    const id = config.u8(at);
    if (isUnknown(id)) return ended(id);
    if (id === 0xff) {
      log.warning('capability with id 0xff, which none has; the list ends here', at);
      return ended(null);
    }
    if (!offsets.has(id)) offsets.set(id, at);
    pointerAt = at + 1;
  }
}
