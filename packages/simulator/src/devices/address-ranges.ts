/**
 * @module Which addresses a function answers to and which a bridge forwards, from the live registers. Numbers are exact:
 * a range that does not end below 2^53 is none.
 */
import { decodeConfigSpace, isUnknown, requesterId, type SriovCapability } from '@isogroups/pci';
import type { SimulatedFunction } from '../machine/simulated-device.ts';
import {
  BAR_64,
  BAR_IO,
  BAR_PREFETCHABLE,
  COMMAND,
  COMMAND_MEMORY,
  FIRST_BAR,
  HIGH,
  isBridge,
  MEMORY_BASE,
  MEMORY_LIMIT,
  PREFETCHABLE_BASE,
  PREFETCHABLE_BASE_HIGH,
  PREFETCHABLE_LIMIT,
  PREFETCHABLE_LIMIT_HIGH,
  readDword,
  readWord,
  VF_FIRST_BAR,
} from './registers.ts';

/** First byte and number of bytes. */
export interface AddressRange {
  readonly base: number;
  readonly size: number;
}

export interface MemoryRange extends AddressRange {
  /** Number of the base address register, 0 to 5. */
  readonly register: number;
  readonly bits: 32 | 64;
  readonly prefetchable: boolean;
}

/**
 * The memory that the function answers to. None while its memory decoding is off (command register, bit 1; for a virtual
 * function: VF Memory Space Enable), and none for registers that nobody has given an address.
 */
export function memoryRanges(f: SimulatedFunction): readonly MemoryRange[] {
  if (f.physicalFunction !== undefined) return virtualRanges(f, f.physicalFunction);
  if ((readWord(f.config, COMMAND) & COMMAND_MEMORY) === 0) return [];
  return rangesAt(f.config, FIRST_BAR, isBridge(f.config) ? 2 : 6, f.barSizes, 0);
}

const VF_CONTROL = 0x08;
const VF_MEMORY = 0x08;

function virtualRanges(f: SimulatedFunction, physical: SimulatedFunction): readonly MemoryRange[] {
  const sriov = sriovOf(physical);
  if (sriov === undefined || (readWord(physical.config, sriov.offset + VF_CONTROL) & VF_MEMORY) === 0) return [];
  const index = virtualIndex(f, physical, sriov);
  return index === undefined
    ? []
    : rangesAt(physical.config, sriov.offset + VF_FIRST_BAR, 6, physical.virtualBarSizes, index);
}

/** The SR-IOV capability of a physical function, as its registers have it now. */
export function sriovOf(physical: SimulatedFunction): SriovCapability | undefined {
  const { sriov } = decodeConfigSpace({ bytes: physical.config, file: physical.name }).facts;
  return isUnknown(sriov) || sriov === null ? undefined : sriov;
}

/** What all virtual functions that a physical one may have answer to, decoded or not. */
export function virtualSpan(physical: SimulatedFunction): readonly (AddressRange & { readonly register: number })[] {
  const sriov = physical.virtualBarSizes.some((size) => size > 0) ? sriovOf(physical) : undefined;
  if (sriov === undefined || isUnknown(sriov.totalVfs)) return [];
  const count = sriov.totalVfs;
  const each = rangesAt(physical.config, sriov.offset + VF_FIRST_BAR, 6, physical.virtualBarSizes, 0);
  return each.map(({ base, size, register }) => ({ base, size: size * count, register }));
}

function virtualIndex(f: SimulatedFunction, physical: SimulatedFunction, sriov: SriovCapability): number | undefined {
  const { firstVfOffset, vfStride } = sriov;
  if (isUnknown(firstVfOffset) || isUnknown(vfStride)) return undefined;
  const distance = requesterId(f.address) - requesterId(physical.address) - firstVfOffset;
  const index = vfStride === 0 ? 0 : distance / vfStride;
  return distance >= 0 && Number.isInteger(index) ? index : undefined;
}

/** `index`: how many sizes behind the base, for virtual functions. */
function rangesAt(
  config: Uint8Array,
  first: number,
  count: number,
  sizes: readonly number[],
  index: number,
): readonly MemoryRange[] {
  const ranges: MemoryRange[] = [];
  for (let register = 0; register < count; register++) {
    const size = sizes[register] ?? 0;
    const at = first + 4 * register;
    const low = readDword(config, at);
    if (size === 0 || at + 4 > config.length || (low & BAR_IO) !== 0) continue;
    const bits = (low & BAR_64) === 0 ? 32 : 64;
    const high = bits === 64 ? readDword(config, at + 4) : 0;
    const start = high * HIGH + ((low & ~0xf) >>> 0);
    const base = start + index * size;
    if (start === 0 || !Number.isSafeInteger(base + size)) continue;
    ranges.push({ base, size, register, bits, prefetchable: (low & BAR_PREFETCHABLE) !== 0 });
  }
  return ranges;
}

/**
 * What a bridge forwards downstream: its memory window and its prefetchable one, as far as they are open. Closed while
 * memory decoding is off. `undefined` for a function that is no bridge.
 */
export function forwardedRanges(f: SimulatedFunction): readonly AddressRange[] | undefined {
  const { config } = f;
  if (!isBridge(config)) return undefined;
  if ((readWord(config, COMMAND) & COMMAND_MEMORY) === 0) return [];
  return [memoryWindow(config), prefetchableWindow(config)].filter((w) => w !== undefined);
}

const MEGABYTE = 0x10_0000;

export function memoryWindow(config: Uint8Array): AddressRange | undefined {
  return windowOf(
    (readWord(config, MEMORY_BASE) & 0xfff0) * 0x1_0000,
    (readWord(config, MEMORY_LIMIT) & 0xfff0) * 0x1_0000,
  );
}

export function prefetchableWindow(config: Uint8Array): AddressRange | undefined {
  const base = readWord(config, PREFETCHABLE_BASE);
  const limit = readWord(config, PREFETCHABLE_LIMIT);
  const isWide = (base & 0xf) === 1;
  return windowOf(
    (isWide ? readDword(config, PREFETCHABLE_BASE_HIGH) * HIGH : 0) + (base & 0xfff0) * 0x1_0000,
    (isWide ? readDword(config, PREFETCHABLE_LIMIT_HIGH) * HIGH : 0) + (limit & 0xfff0) * 0x1_0000,
  );
}

/** `limit` is the start of the last megabyte. A base above the limit closes the window; base 0 was never programmed. */
function windowOf(base: number, limit: number): AddressRange | undefined {
  if (base === 0 || limit < base || !Number.isSafeInteger(limit + MEGABYTE)) return undefined;
  return { base, size: limit + MEGABYTE - base };
}
