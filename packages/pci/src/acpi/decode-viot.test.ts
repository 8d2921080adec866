import { describe, expect, it } from 'vitest';
import { withChecksum } from '../encode/acpi-table.ts';
import { patched, u16 } from '../encode/bytes.ts';
import {
  buildViot,
  FIRST_VIOT_NODE,
  sampleViots,
  unknownViotNode,
  viotMmioEndpoint,
  viotMmioIommu,
  viotPciIommu,
  viotRange,
} from '../testing/build-viot.ts';
import { decodeViot } from './decode-viot.ts';
import type { DecodedTable } from './decoded-table.ts';
import type { ViotTable } from './viot.ts';

const decode = (bytes: Uint8Array): DecodedTable<ViotTable> => decodeViot(bytes, 'VIOT');
const told = (bytes: Uint8Array) => {
  const { table, diagnostics } = decode(withChecksum(bytes));
  return { nodes: table?.nodes, told: diagnostics.map((d) => [d.severity, d.offset]) };
};
const at = FIRST_VIOT_NODE;
const iommu = viotPciIommu(1, 0x0010);
const range = viotRange({ bdfs: [0, 0xff], output: at });

it('decodes all types of nodes, in table order', () => {
  expect(
    told(
      buildViot(
        iommu,
        viotRange({ endpointStart: 9, segments: [1, 2], bdfs: [0x100, 0x1ff], output: at }),
        viotMmioIommu(0xd00_0000n),
        viotMmioEndpoint(7, 0xa00_0000n, at + 40),
      ),
    ),
  ).toEqual({
    nodes: [
      { kind: 'pci-iommu', offset: at, segment: 1, bdf: 0x0010 },
      {
        kind: 'pci-range',
        offset: at + 16,
        endpointStart: 9,
        segmentStart: 1,
        segmentEnd: 2,
        bdfStart: 0x100,
        bdfEnd: 0x1ff,
        output: at,
      },
      { kind: 'mmio-iommu', offset: at + 40, base: 0xd00_0000n },
      { kind: 'mmio-endpoint', offset: at + 56, endpoint: 7, base: 0xa00_0000n, output: at + 40 },
    ],
    told: [],
  });
});

it('an endpoint may come before its IOMMU', () => {
  const early = viotRange({ bdfs: [0, 1], output: at + 24 });
  expect(told(buildViot(early, iommu))).toMatchObject({
    nodes: [{ kind: 'pci-range' }, { kind: 'pci-iommu' }],
    told: [],
  });
});

describe('broken tables', () => {
  it('an endpoint without IOMMU is ignored', () => {
    const lost = viotRange({ bdfs: [0, 1], output: at + 4 });
    const toRange = viotMmioEndpoint(1, 2n, at + 16);
    expect(told(buildViot(iommu, range, lost, toRange))).toMatchObject({
      nodes: [{ kind: 'pci-iommu' }, { kind: 'pci-range', offset: at + 16 }],
      told: [
        ['warning', at + 40],
        ['warning', at + 64],
      ],
    });
  });

  it('unknown types are passed over', () => {
    for (const type of [0, 5, 255]) {
      expect(told(buildViot(iommu, unknownViotNode(type), range))).toMatchObject({
        nodes: [{ kind: 'pci-iommu' }, { kind: 'pci-range' }],
        told: [['warning', at + 16]],
      });
    }
  });

  it('a short endpoint ends the endpoints, not the IOMMUs', () => {
    const short = patched(range.subarray(0, 20), 2, u16(20));
    const before = viotRange({ bdfs: [0, 1], output: at + 24 + 20 });
    expect(told(buildViot(before, short, iommu, range))).toMatchObject({
      nodes: [
        { kind: 'pci-range', offset: at },
        { kind: 'pci-iommu', offset: at + 44 },
      ],
      told: [['error', at + 24]],
    });
  });

  it('a short IOMMU is none', () => {
    expect(told(buildViot(patched(iommu.subarray(0, 12), 2, u16(12)), range))).toMatchObject({
      nodes: [],
      told: [
        ['error', at],
        ['warning', at + 12],
      ],
    });
  });

  it.each([0, 3, 200])('a node of length %i ends the table', (length) => {
    expect(told(buildViot(iommu, range, patched(range, 2, u16(length))))).toMatchObject({
      nodes: [{ kind: 'pci-iommu' }, { kind: 'pci-range' }],
      told: [['error', at + 40]],
    });
  });

  it('nodes outside the table, and fewer than counted', () => {
    expect(told(patched(buildViot(iommu), 38, u16(12)))).toEqual({ nodes: [], told: [['error', 38]] });
    expect(told(patched(buildViot(iommu), 38, u16(999)))).toEqual({ nodes: [], told: [['error', 38]] });
    expect(told(patched(buildViot(iommu), 36, u16(2)))).toMatchObject({
      nodes: [{ kind: 'pci-iommu' }],
      told: [['error', at + 16]],
    });
  });
});

it('the samples hold one unknown node', () => {
  expect(sampleViots().map((bytes) => decode(bytes).diagnostics.length)).toEqual([0, 1]);
});
