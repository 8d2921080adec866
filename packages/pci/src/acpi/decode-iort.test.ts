import { describe, expect, it } from 'vitest';
import { withChecksum } from '../encode/acpi-table.ts';
import { patched, u8, u16, u32 } from '../encode/bytes.ts';
import {
  buildIort,
  FIRST_IORT_NODE,
  iortMapping,
  itsGroup,
  namedComponent,
  pmcg,
  rmr,
  rootComplex,
  type SmmuV3Recipe,
  sampleIorts,
  smmu,
  smmuV3,
  unknownIortNode,
} from '../testing/build-iort.ts';
import { decodeIort } from './decode-iort.ts';
import type { DecodedTable } from './decoded-table.ts';
import type { IortNode, IortTable } from './iort.ts';

const decode = (bytes: Uint8Array): DecodedTable<IortTable> => decodeIort(bytes, 'IORT');
const nodes = (...parts: readonly Uint8Array[]): readonly IortNode[] => {
  const { table, diagnostics } = decode(buildIort(...parts));
  expect(diagnostics).toEqual([]);
  return (table as IortTable).nodes;
};
const at = FIRST_IORT_NODE;

describe('nodes', () => {
  it('root complex with its mappings', () => {
    expect(
      nodes(rootComplex({ segment: 2, ats: true }, iortMapping(0x100, 0x100, 0x8000, at), iortMapping(0, 1, 7, at, 1))),
    ).toEqual([
      {
        kind: 'root-complex',
        offset: at,
        revision: 3,
        segment: 2,
        ats: true,
        mappings: [
          {
            offset: at + 36,
            inputBase: 0x100,
            inputLast: 0x1ff,
            outputBase: 0x8000,
            outputReference: at,
            single: false,
          },
          { offset: at + 56, inputBase: 0, inputLast: 0, outputBase: 7, outputReference: at, single: true },
        ],
      },
    ]);
  });

  it('all other types', () => {
    expect(
      nodes(
        itsGroup(3, 4),
        namedComponent('\\_SB.NET0'),
        rootComplex({}),
        smmu(0x2b40_0000n, 3),
        smmuV3(0x0905_0000n, { flags: 9 }),
        pmcg(),
        rmr(1, [
          [0x8000_0000n, 0x1000n],
          [0x9000_0000n, 0x2000n],
        ]),
        unknownIortNode(7),
      ),
    ).toMatchObject([
      { kind: 'its-group', itsIds: [3, 4], offset: at },
      { kind: 'named-component', objectPath: '\\_SB.NET0', offset: at + 28 },
      { kind: 'root-complex', segment: 0, ats: false },
      { kind: 'smmu', base: 0x2b40_0000n, model: 3 },
      { kind: 'smmu-v3', base: 0x0905_0000n, flags: 9, model: 0 },
      { kind: 'pmcg' },
      {
        kind: 'rmr',
        flags: 1,
        regions: [
          { base: 0x8000_0000n, length: 0x1000n },
          { base: 0x9000_0000n, length: 0x2000n },
        ],
      },
      { kind: 'other', type: 7 },
    ]);
  });

  it('a mapping whose last id does not fit 32 bits wraps, as in Linux', () => {
    const [node] = nodes(rootComplex({}, patched(iortMapping(0x100, 1, 0, at), 4, u32(0xffff_ffff))));
    expect(node?.mappings[0]).toMatchObject({ inputBase: 0x100, inputLast: 0xff });
  });
});

describe("an SMMUv3's own mapping", () => {
  const own = (recipe: SmmuV3Recipe, mappings: number = 2): number => {
    const parts = Array.from({ length: mappings }, () => iortMapping(0, 1, 0, at));
    const node = decode(buildIort(smmuV3(0n, { ownMapping: 1, ...recipe }, ...parts))).table?.nodes[0];
    return node?.kind === 'smmu-v3' ? node.ownMapping : Number.NaN;
  };
  const wired = [1, 2, 3, 4] as const;
  const notWired = [1, 0, 3, 4] as const;

  it('up to revision 4: unless all four interrupts are wired', () => {
    expect([own({ revision: 4, gsivs: wired }), own({ revision: 4, gsivs: notWired })]).toEqual([-1, 1]);
    expect(own({ revision: 1, gsivs: notWired })).toBe(1);
  });

  it('not in revision 0', () => {
    expect(own({ revision: 0, gsivs: notWired })).toBe(-1);
  });

  it('from revision 5 on: where the flag says so', () => {
    expect([own({ revision: 5, flags: 0x10, gsivs: wired }), own({ revision: 5, flags: 0, gsivs: notWired })]).toEqual([
      1, -1,
    ]);
  });

  it('not beyond the mappings', () => {
    expect([own({ gsivs: notWired }, 1), own({ gsivs: notWired }, 0)]).toEqual([-1, -1]);
  });
});

describe('broken tables', () => {
  const its = itsGroup(0);
  const told = (bytes: Uint8Array) => {
    const { table, diagnostics } = decode(withChecksum(bytes));
    return { nodes: table?.nodes, told: diagnostics.map((d) => [d.severity, d.offset]) };
  };

  it('nodes outside the table', () => {
    for (const offset of [0, 47, 0xffff]) {
      expect(told(patched(buildIort(its), 40, u32(offset)))).toEqual({ nodes: [], told: [['error', 40]] });
    }
  });

  it('fewer nodes than counted', () => {
    expect(told(patched(buildIort(its), 36, u32(0xffff_ffff)))).toMatchObject({
      nodes: [{ kind: 'its-group' }],
      told: [['error', at + 24]],
    });
  });

  it('more nodes than counted: those beyond are none', () => {
    expect(told(patched(buildIort(its, its), 36, u32(1)))).toMatchObject({ nodes: [{ offset: at }], told: [] });
  });

  it.each([0, 15, 200])('a node of length %i', (length) => {
    expect(told(buildIort(its, patched(its, 1, u16(length))))).toMatchObject({
      nodes: [{ offset: at }],
      told: [['error', at + 24]],
    });
  });

  it('a node shorter than its type is kept for what refers to it', () => {
    expect(told(buildIort(patched(unknownIortNode(0), 0, u8(4)), its))).toMatchObject({
      nodes: [{ kind: 'other', type: 4, offset: at }, { kind: 'its-group' }],
      told: [['error', at]],
    });
  });

  it('arrays that reach beyond their node are cut there', () => {
    const many = u32(0xffff_ffff);
    expect(told(buildIort(patched(its, 16, many)))).toMatchObject({ nodes: [{ itsIds: [0] }], told: [['error', at]] });
    expect(told(buildIort(patched(rmr(0, [[1n, 2n]]), 20, many)))).toMatchObject({
      nodes: [{ regions: [{ base: 1n }] }],
      told: [['error', at]],
    });
    expect(told(buildIort(patched(rootComplex({}, iortMapping(0, 1, 0, at)), 8, many)))).toMatchObject({
      nodes: [{ mappings: [{ outputReference: at }] }],
      told: [['error', at]],
    });
    expect(told(buildIort(patched(rootComplex({}, iortMapping(0, 1, 0, at)), 12, many)))).toMatchObject({
      nodes: [{ mappings: [] }],
      told: [['error', at]],
    });
  });

  it('a mapping to nowhere', () => {
    expect(told(buildIort(rootComplex({}, iortMapping(0, 1, 0, 0))))).toMatchObject({
      nodes: [{ mappings: [{ outputReference: 0 }] }],
      told: [['warning', at + 36]],
    });
  });
});

it('the samples are sound', () => {
  for (const bytes of sampleIorts()) expect(decode(bytes).diagnostics).toEqual([]);
});
