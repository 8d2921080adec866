/**
 * @module Builds IORT tables, for tests and fuzzing.
 */
import { buildAcpiTable } from '../encode/acpi-table.ts';
import { ascii, concat, u8, u16, u32, u64, zeros } from '../encode/bytes.ts';

/** Offset of the first node of a built table; each next one is at the sum of the lengths before it. */
export const FIRST_IORT_NODE = 48;

export const buildIort = (...nodes: readonly Uint8Array[]): Uint8Array =>
  buildAcpiTable('IORT', u32(nodes.length), u32(FIRST_IORT_NODE), u32(0), ...nodes);

/** `count` is the number of ids; the table holds one less. */
export const iortMapping = (
  inputBase: number,
  count: number,
  outputBase: number,
  outputReference: number,
  flags: number = 0,
): Uint8Array => concat(u32(inputBase), u32(count - 1), u32(outputBase), u32(outputReference), u32(flags));

const node = (type: number, revision: number, data: Uint8Array, mappings: readonly Uint8Array[] = []): Uint8Array =>
  concat(
    u8(type),
    u16(16 + data.length + 20 * mappings.length),
    u8(revision),
    u32(0),
    u32(mappings.length),
    u32(mappings.length > 0 ? 16 + data.length : 0),
    data,
    ...mappings,
  );

export const itsGroup = (...ids: readonly number[]): Uint8Array => node(0, 1, concat(u32(ids.length), ...ids.map(u32)));

export const namedComponent = (objectPath: string, ...mappings: readonly Uint8Array[]): Uint8Array =>
  node(1, 4, concat(u32(0), u64(0), u8(48), ascii(`${objectPath}\0`)), mappings);

export const rootComplex = (
  recipe: { readonly segment?: number; readonly ats?: boolean },
  ...mappings: readonly Uint8Array[]
): Uint8Array =>
  node(2, 3, concat(u64(0), u32(recipe.ats === true ? 1 : 0), u32(recipe.segment ?? 0), u8(64), zeros(3)), mappings);

export const smmu = (base: bigint, model: number, ...mappings: readonly Uint8Array[]): Uint8Array =>
  node(3, 3, concat(u64(base), u64(0x10000), u32(model), zeros(24)), mappings);

export interface SmmuV3Recipe {
  readonly revision?: number;
  readonly flags?: number;
  /** The four wired interrupts: event, PRI, global error, sync. */
  readonly gsivs?: readonly [number, number, number, number];
  readonly ownMapping?: number;
}

export const smmuV3 = (base: bigint, recipe: SmmuV3Recipe, ...mappings: readonly Uint8Array[]): Uint8Array =>
  node(
    4,
    recipe.revision ?? 4,
    concat(
      u64(base),
      u32(recipe.flags ?? 1),
      u32(0),
      u64(0),
      u32(0),
      ...(recipe.gsivs ?? [1, 2, 3, 4]).map(u32),
      u32(0),
      u32(recipe.ownMapping ?? 0),
    ),
    mappings,
  );

export const pmcg = (): Uint8Array => node(5, 2, concat(u64(0), u32(0), u32(0), u64(0)));

export const rmr = (flags: number, regions: readonly (readonly [bigint, bigint])[]): Uint8Array =>
  node(
    6,
    3,
    concat(
      u32(flags),
      u32(regions.length),
      u32(28),
      ...regions.flatMap(([base, length]) => [u64(base), u64(length), u32(0)]),
    ),
  );

export const unknownIortNode = (type: number): Uint8Array => node(type, 0, zeros(8));

/** Tables that between them have all that is decoded. */
export function sampleIorts(): readonly Uint8Array[] {
  const its = itsGroup(0);
  const v3 = smmuV3(0x0905_0000n, {}, iortMapping(0, 0x10000, 0, FIRST_IORT_NODE));
  const v3At = FIRST_IORT_NODE + its.length;
  return [
    buildIort(its, v3, rootComplex({ ats: true }, iortMapping(0, 0x10000, 0, v3At))),
    buildIort(
      its,
      smmu(0x2b40_0000n, 1),
      namedComponent('\\_SB.NET0', iortMapping(0, 1, 0x40, v3At, 1)),
      pmcg(),
      rmr(1, [[0x8000_0000n, 0x1_0000n]]),
      unknownIortNode(7),
    ),
  ];
}
