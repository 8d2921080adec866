/**
 * @module Builds VIOT tables, for tests and fuzzing.
 */
import { buildAcpiTable } from '../encode/acpi-table.ts';
import { concat, u8, u16, u32, u64, zeros } from '../encode/bytes.ts';

/** Offset of the first node of a built table; each next one is at the sum of the lengths before it. */
export const FIRST_VIOT_NODE = 48;

export const buildViot = (...nodes: readonly Uint8Array[]): Uint8Array =>
  buildAcpiTable('VIOT', u16(nodes.length), u16(FIRST_VIOT_NODE), zeros(8), ...nodes);

const node = (type: number, ...body: readonly Uint8Array[]): Uint8Array => {
  const rest = concat(...body);
  return concat(u8(type), u8(0), u16(4 + rest.length), rest);
};

export interface ViotRangeRecipe {
  readonly endpointStart?: number;
  readonly segments?: readonly [first: number, last: number];
  readonly bdfs: readonly [first: number, last: number];
  readonly output: number;
}

export const viotRange = ({ endpointStart = 0, segments = [0, 0], bdfs, output }: ViotRangeRecipe): Uint8Array =>
  node(1, u32(endpointStart), ...segments.map(u16), ...bdfs.map(u16), u16(output), zeros(6));
export const viotMmioEndpoint = (endpoint: number, base: bigint, output: number): Uint8Array =>
  node(2, u32(endpoint), u64(base), u16(output), zeros(6));
export const viotPciIommu = (segment: number, bdf: number): Uint8Array => node(3, u16(segment), u16(bdf), zeros(8));
export const viotMmioIommu = (base: bigint): Uint8Array => node(4, zeros(4), u64(base));
export const unknownViotNode = (type: number): Uint8Array => node(type, zeros(12));

/** Tables that between them have all that is decoded. */
export function sampleViots(): readonly Uint8Array[] {
  const first = FIRST_VIOT_NODE;
  return [
    buildViot(viotPciIommu(0, 0x0008), viotRange({ bdfs: [0, 0x0007], output: first })),
    buildViot(
      viotMmioIommu(0xd00_0000n),
      viotRange({ segments: [0, 1], bdfs: [0, 0xffff], output: first }),
      viotMmioEndpoint(7, 0xa00_0000n, first),
      unknownViotNode(9),
    ),
  ];
}
