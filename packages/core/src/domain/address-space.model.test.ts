import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Errno, IsolationError } from '../errors.ts';
import { fakeIommu } from '../testing/fake-iommu.ts';
import { createAddressSpace } from './address-space.ts';
import type { Protection } from './protection.ts';

/** The simplest thing that could be right: every page of 4 KiB in a Map. Addresses are counted in pages. */
type Pages = Map<number, { readonly address: number; readonly protection: Protection }>;

interface Operation {
  readonly kind: 'map' | 'unmap';
  readonly iova: number;
  readonly address: number;
  readonly pages: number;
  readonly protection: Protection;
}

const K4 = 4096;
const LIMIT = 2 ** (39 - 12);
const WINDOW = { from: 0xfee00, to: 0xfef00 };

function expected(model: Pages, { kind, iova, address, pages, protection }: Operation): Errno | number {
  if (pages === 0) return 'EINVAL';
  if (iova + pages > LIMIT) return 'ERANGE';
  const range = Array.from({ length: pages }, (_, k) => iova + k);
  if (kind === 'unmap') return range.filter((page) => model.delete(page)).length * K4;
  if (range.some((page) => page >= WINDOW.from && page < WINDOW.to)) return 'EINVAL';
  if (range.some((page) => model.has(page))) return 'EEXIST';
  for (const [k, page] of range.entries()) model.set(page, { address: address + k, protection });
  return 0;
}

/** Addresses near the boundaries of pages of 2 MiB and 1 GiB, near the interrupt window, and near the end. */
const place = fc
  .tuple(
    fc.constantFrom(0, 512, 1024, 2 ** 18, 2 ** 18 + 512, 2 ** 19, 0xfee00, LIMIT - 1024),
    fc.integer({ min: -2, max: 3 }),
  )
  .map(([base, offset]) => Math.max(0, base + offset));
/** As well near the border of 2 TiB, and beyond. */
const target = fc
  .tuple(place, fc.constantFrom(0, 0, 2 ** 29 - 1024, 2 ** 30, 2 ** 40))
  .map(([page, base]) => page + base);
const size = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(511, 512, 513, 1024, 1536));

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom('map', 'unmap'),
  iova: place,
  address: target,
  pages: size,
  protection: fc.constantFrom('r', 'w', 'rw', 'rwx'),
});

const sizes = fc.constantFrom([K4], [K4, 2 ** 21], [K4, 2 ** 30], [K4, 2 ** 21, 2 ** 30]);

function run(pageSizes: readonly number[], operations: readonly Operation[]): void {
  const space = createAddressSpace(fakeIommu({ pageSizes, addressBits: 39 }));
  const model: Pages = new Map();
  for (const op of operations) {
    const want = expected(model, op);
    let got: Errno | number;
    try {
      if (op.kind === 'map') space.map(op.iova * K4, op.address * K4, op.pages * K4, op.protection);
      got = op.kind === 'map' ? 0 : space.unmap(op.iova * K4, op.pages * K4);
    } catch (error) {
      if (!(error instanceof IsolationError)) throw error;
      got = error.errno;
    }
    expect(got).toBe(want);
    expect(space.usage.mapped).toBe(model.size * K4);
  }
  const mapped = [...space.mappings()].flatMap((m) =>
    Array.from({ length: m.length / K4 }, (_, k) => [
      m.iova / K4 + k,
      { address: m.address / K4 + k, protection: m.protection },
    ]),
  );
  expect(mapped).toEqual([...model].sort(([a], [b]) => a - b));
  for (const [page, { address, protection }] of model) {
    expect(space.resolve(page * K4 + 5)).toMatchObject({ address: address * K4 + 5, protection });
    if (!model.has(page + 1)) expect(space.resolve((page + 1) * K4)).toBeUndefined();
  }
  space.unmap(0, LIMIT * K4);
  space.map(0, 0, K4, 'r');
  space.unmap(0, K4);
  expect([...space.mappings()]).toEqual([]);
  expect(space.usage.nodes).toBe(1);
}

describe('an address space against a Map of pages', () => {
  it('does the same, and leaks no node', () => {
    fc.assert(fc.property(sizes, fc.array(operation, { maxLength: 25 }), run), { numRuns: 400 });
  });

  it.each<[string, number[], Operation[]]>([
    [
      'one unmap splits the page at either end',
      [K4, 2 ** 21],
      [
        { kind: 'map', iova: 512, address: 0, pages: 1024, protection: 'r' },
        { kind: 'unmap', iova: 513, address: 0, pages: 1022, protection: 'r' },
      ],
    ],
  ])('case: %s', (_, pageSizes, operations) => run(pageSizes, operations));
});
