/**
 * @module Builds DMAR tables.
 */
import { buildAcpiTable } from './acpi-table.ts';
import { ascii, concat, u8, u16, u32, u64, zeros } from './bytes.ts';

const structure = (type: number, ...body: readonly Uint8Array[]): Uint8Array => {
  const rest = concat(...body);
  return concat(u16(type), u16(4 + rest.length), rest);
};

export interface DmarRecipe {
  /** The field, which holds the number of address bits minus one. */
  readonly width?: number;
  readonly flags?: number;
  readonly structures: readonly Uint8Array[];
}

export const buildDmar = ({ width = 38, flags = 1, structures }: DmarRecipe): Uint8Array =>
  buildAcpiTable('DMAR', u8(width), u8(flags), zeros(10), ...structures);

/** `path`: device and function of each hop. */
export const deviceScope = (
  type: number,
  startBus: number,
  path: readonly (readonly [device: number, fn: number])[],
  enumerationId: number = 0,
): Uint8Array =>
  concat(u8(type), u8(6 + 2 * path.length), u16(0), u8(enumerationId), u8(startBus), Uint8Array.from(path.flat()));

export const drhd = (
  registerBase: number | bigint,
  recipe: { readonly includeAll?: boolean; readonly segment?: number; readonly scopes?: readonly Uint8Array[] } = {},
): Uint8Array =>
  structure(
    0,
    u8(recipe.includeAll === true ? 1 : 0),
    u8(0),
    u16(recipe.segment ?? 0),
    u64(registerBase),
    ...(recipe.scopes ?? []),
  );

/** `limit` is the last byte. */
export const rmrrIn = (segment: number, base: bigint, limit: bigint, ...scopes: readonly Uint8Array[]): Uint8Array =>
  structure(1, u16(0), u16(segment), u64(base), u64(limit), ...scopes);

export const rmrr = (base: bigint, limit: bigint, ...scopes: readonly Uint8Array[]): Uint8Array =>
  rmrrIn(0, base, limit, ...scopes);

export const atsr = (allPorts: boolean, segment: number, ...scopes: readonly Uint8Array[]): Uint8Array =>
  structure(2, u8(allPorts ? 1 : 0), u8(0), u16(segment), ...scopes);

export const rhsa = (registerBase: number | bigint, proximityDomain: number): Uint8Array =>
  structure(3, u32(0), u64(registerBase), u32(proximityDomain));

/** `text` needs its own NUL. */
export const andd = (deviceNumber: number, text: string): Uint8Array =>
  structure(4, zeros(3), u8(deviceNumber), ascii(text));

export const satc = (atcRequired: boolean, segment: number, ...scopes: readonly Uint8Array[]): Uint8Array =>
  structure(5, u8(atcRequired ? 1 : 0), u8(0), u16(segment), ...scopes);

export const unknownDmarStructure = (type: number): Uint8Array => structure(type, zeros(12));
