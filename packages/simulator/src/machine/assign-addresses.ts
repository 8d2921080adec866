/**
 * @module Gives addresses to base address registers and bridge windows as firmware does: what is below a bridge lies in
 * the bridge's window, everything is aligned to its size, nothing overlaps. The largest alignment goes first, so that
 * next to nothing is lost.
 */
import { type AddressRange, sriovOf } from '../devices/address-ranges.ts';
import {
  BAR_64,
  BAR_IO,
  BAR_PREFETCHABLE,
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
  VF_FIRST_BAR,
  writeDword,
  writeWord,
} from '../devices/registers.ts';
import { takeFrom } from './free-ranges.ts';
import type { LiveFunction } from './live-device.ts';

/** Prefetchable 64-bit ranges go to one window of a bridge, all others to the other. */
type Width = 'narrow' | 'wide';

/** Something that needs an address. */
interface Claim {
  readonly size: number;
  readonly alignment: number;
  /** Kept free for what may be plugged in: no loss where it does not fit. */
  readonly isReserve: boolean;
  settle(base: number): void;
}

export interface FreeRanges {
  /** Below 4 GiB. */
  readonly narrow: AddressRange[];
  readonly wide: AddressRange[];
}

/**
 * Gives an address to all that the functions have and to all below them, out of `free`, which shrinks.
 * Returns the functions of which something was left without an address because it does not fit.
 */
export function assignAddresses(functions: readonly LiveFunction[], free: FreeRanges): readonly LiveFunction[] {
  const left = new Set<LiveFunction>();
  for (const width of ['wide', 'narrow'] as const) {
    const claims = functions.flatMap((f) => claimsOf(f, width).map((claim) => ({ f, claim })));
    for (const { f, claim } of claims.sort((a, b) => order(a.claim, b.claim))) {
      // What may lie anywhere may lie below 4 GiB too.
      const base =
        takeFrom(free[width], claim.size, claim.alignment) ??
        (width === 'wide' ? takeFrom(free.narrow, claim.size, claim.alignment) : undefined);
      if (base !== undefined) claim.settle(base);
      else if (!claim.isReserve) left.add(f);
    }
  }
  return [...left];
}

const order = (a: Claim, b: Claim): number =>
  Number(a.isReserve) - Number(b.isReserve) || b.alignment - a.alignment || b.size - a.size;

function claimsOf(f: LiveFunction, width: Width): Claim[] {
  if (f.physicalFunction !== undefined) return [];
  const claims = barClaims(f.config, FIRST_BAR, f.barSizes, width, 1);
  const sriov = f.virtualBarSizes.some((size) => size > 0) ? sriovOf(f) : undefined;
  if (sriov !== undefined && typeof sriov.totalVfs === 'number') {
    claims.push(...barClaims(f.config, sriov.offset + VF_FIRST_BAR, f.virtualBarSizes, width, sriov.totalVfs));
  }
  const inside = insideClaim(f, width);
  return inside === undefined ? claims : [...claims, inside];
}

/** `times`: the ranges of that many virtual functions lie behind each other. */
function barClaims(config: Uint8Array, first: number, sizes: readonly number[], width: Width, times: number): Claim[] {
  return sizes.flatMap((size, register) => {
    const at = first + 4 * register;
    const type = readDword(config, at) & 0xf;
    if (size === 0 || (type & BAR_IO) !== 0 || widthOf(type) !== width) return [];
    const settle = (base: number): void => writeBar(config, at, type, base);
    return [{ size: size * times, alignment: size, isReserve: false, settle }];
  });
}

const widthOf = (type: number): Width => ((type & BAR_64) !== 0 && (type & BAR_PREFETCHABLE) !== 0 ? 'wide' : 'narrow');

function writeBar(config: Uint8Array, at: number, type: number, base: number): void {
  writeDword(config, at, (base % HIGH) + type);
  if ((type & BAR_64) !== 0) writeDword(config, at + 4, Math.floor(base / HIGH));
}

const MEGABYTE = 2 ** 20;
/** What a port that leads nowhere yet keeps free. */
const RESERVE: Readonly<Record<Width, number>> = { narrow: MEGABYTE, wide: 32 * MEGABYTE };

/** The window of a bridge, or the ranges of a VMD, with all that goes into it. */
function insideClaim(f: LiveFunction, width: Width): Claim | undefined {
  if (f.leadsTo === undefined) return undefined;
  const { inner, end, alignment } = pack(f.below.flatMap((child) => claimsOf(child, width)));
  const settleInner = (base: number): void => {
    for (const { claim, offset } of inner) claim.settle(base + offset);
  };
  if (!isBridge(f.config)) return domainClaim(f, width, end, settleInner);
  const isReserve = inner.length === 0;
  const isEmptyPort = isReserve && f.leadsTo === 'link';
  const spare = f.description?.options.spare ?? 0;
  if (isReserve && !isEmptyPort && spare === 0) return undefined;
  const size = roundUp(end + (isEmptyPort || spare > 0 ? RESERVE[width] * Math.max(1, spare) : 0), MEGABYTE);
  return {
    size,
    alignment: Math.max(alignment, MEGABYTE),
    isReserve,
    settle(base) {
      writeWindow(f.config, width, base, size);
      settleInner(base);
    },
  };
}

interface Packed {
  readonly inner: readonly { readonly claim: Claim; readonly offset: number }[];
  readonly end: number;
  readonly alignment: number;
}

function pack(claims: readonly Claim[]): Packed {
  let end = 0;
  let alignment = 1;
  const inner = [...claims].sort(order).map((claim) => {
    const offset = roundUp(end, claim.alignment);
    end = offset + claim.size;
    alignment = Math.max(alignment, claim.alignment);
    return { claim, offset };
  });
  return { inner, end, alignment };
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

function writeWindow(config: Uint8Array, width: Width, base: number, size: number): void {
  const last = base + size - MEGABYTE;
  const upper = (address: number): number => ((address % HIGH) / 0x1_0000) & 0xfff0;
  if (width === 'narrow') {
    writeWord(config, MEMORY_BASE, upper(base));
    writeWord(config, MEMORY_LIMIT, upper(last));
    return;
  }
  writeWord(config, PREFETCHABLE_BASE, upper(base) | 1);
  writeWord(config, PREFETCHABLE_LIMIT, upper(last) | 1);
  writeDword(config, PREFETCHABLE_BASE_HIGH, Math.floor(base / HIGH));
  writeDword(config, PREFETCHABLE_LIMIT_HIGH, Math.floor(last / HIGH));
}

/** Registers of a VMD for the memory of its domain: MEMBAR1 and MEMBAR2. */
const DOMAIN_REGISTER: Readonly<Record<Width, number>> = { narrow: 2, wide: 4 };

/** A VMD forwards to its domain what its own address ranges take. */
function domainClaim(
  f: LiveFunction,
  width: Width,
  end: number,
  settleInner: (base: number) => void,
): Claim | undefined {
  if (end === 0) return undefined;
  const size = 2 ** Math.ceil(Math.log2(Math.max(end, MEGABYTE)));
  const register = DOMAIN_REGISTER[width];
  return {
    size,
    alignment: size,
    isReserve: false,
    settle(base) {
      f.barSizes = Object.freeze(f.barSizes.map((old, i) => (i === register ? size : old)));
      const type = width === 'wide' ? BAR_64 | BAR_PREFETCHABLE : 0;
      writeBar(f.config, FIRST_BAR + 4 * register, type, base);
      settleInner(base);
    },
  };
}
