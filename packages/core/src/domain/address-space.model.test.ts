import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Errno, IsolationError } from '../errors.ts';
import { fakeIommu } from '../testing/fake-iommu.ts';
import { createAddressSpace, type Mapping, type OwnedAddressSpace } from './address-space.ts';

/** The simplest thing that could be right: what is mapped, as a list in no order. It knows no pages. */
type Model = Mapping[];

interface Operation {
  readonly kind: 'map' | 'unmap';
  readonly mapping: Mapping;
  /** Where in the range it is looked afterwards. */
  readonly probes: readonly number[];
}

const K4 = 4096;
const M2 = 2 ** 21;
const G1 = 2 ** 30;
const LIMIT = 2 ** 39;
const WINDOW = { iova: 0xfee0_0000, length: 0x10_0000 };

type Range = Pick<Mapping, 'iova' | 'length'>;
const endOf = ({ iova, length }: Range): number => iova + length;
const overlap = (a: Range, b: Range): boolean => a.iova < endOf(b) && b.iova < endOf(a);

function expected(model: Model, { kind, mapping }: Operation): Errno | number {
  if (mapping.length === 0) return 'EINVAL';
  if (endOf(mapping) > LIMIT) return 'ERANGE';
  if (kind === 'unmap') return takeOut(model, mapping);
  if (overlap(WINDOW, mapping)) return 'EINVAL';
  if (model.some((other) => overlap(other, mapping))) return 'EEXIST';
  model.push(mapping);
  return 0;
}

function takeOut(model: Model, hole: Range): number {
  const before = bytesOf(model);
  const left = model.flatMap((m) => [
    part(m, m.iova, Math.min(endOf(m), hole.iova)),
    part(m, Math.max(m.iova, endOf(hole)), endOf(m)),
  ]);
  model.splice(0, model.length, ...left.filter(({ length }) => length > 0));
  return before - bytesOf(model);
}

const part = (m: Mapping, from: number, to: number): Mapping => ({
  ...m,
  iova: from,
  address: m.address + from - m.iova,
  length: to - from,
});

const bytesOf = (model: Model): number => model.reduce((sum, { length }) => sum + length, 0);

/** In order, those side by side that lead on as one. */
function joined(model: Model): Model {
  const runs: Model = [];
  for (const m of model.toSorted((a, b) => a.iova - b.iova)) {
    const last = runs.at(-1);
    const goesOn =
      last?.protection === m.protection && endOf(last) === m.iova && last.address + last.length === m.address;
    if (last !== undefined && goesOn) runs[runs.length - 1] = { ...last, length: last.length + m.length };
    else runs.push(m);
  }
  return runs;
}

function compareAt(space: OwnedAddressSpace, model: Model, pageSizes: readonly number[], iova: number): void {
  const got = space.resolve(iova);
  const m = model.find((each) => overlap(each, { iova, length: 1 }));
  expect(got?.address).toBe(m && m.address + iova - m.iova);
  expect(got?.protection).toBe(m?.protection);
  if (got === undefined) return;
  expect(pageSizes).toContain(got.pageSize);
  expect(got.address % got.pageSize).toBe(iova % got.pageSize);
}

/** Bytes near the boundaries of pages of 2 MiB and 1 GiB, near the interrupt window, and near the end. */
const place = fc
  .tuple(
    fc.constantFrom(0, M2, 2 * M2, G1, G1 + M2, 2 * G1, WINDOW.iova, LIMIT - 2 * M2, LIMIT - G1),
    fc.integer({ min: -2, max: 3 }),
    fc.boolean(),
  )
  .map(([base, pages, near]) => (near ? Math.max(0, base + pages * K4) : base));
/** How far the memory is from the IOVA; as well near the border of 2 TiB, and beyond. */
const distance = fc.constantFrom(0, 0, G1, 2 ** 41 - G1, 2 ** 42, 2 ** 52, M2, 2 ** 41 - 2 * M2, K4);
const short = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((pages) => pages * K4),
  fc.constantFrom(M2 - K4, M2, M2 + K4, 2 * M2, 3 * M2),
);
const long = fc.constantFrom(G1 - K4, G1 - M2, G1, G1, G1 + K4, G1 + M2, 2 * G1);

const mappingOf = (lengths: fc.Arbitrary<number>): fc.Arbitrary<Mapping> =>
  fc
    .record({ iova: place, distance, length: lengths, protection: fc.constantFrom('r', 'w', 'rw', 'rwx') })
    .map(({ iova, distance, length, protection }) => {
      // In pages of 4 KiB for all of it, a long one takes the time of a hundred others, and shows nothing else.
      const fast = distance % M2 === 0 ? length : Math.min(length, 3 * M2);
      return { iova, address: iova + distance, length: fast, protection };
    });

const operationOf = (lengths: fc.Arbitrary<number>): fc.Arbitrary<Operation> =>
  fc.record({
    kind: fc.constantFrom('map', 'unmap'),
    mapping: mappingOf(lengths),
    probes: fc.array(fc.nat(2 * G1), { minLength: 1, maxLength: 4 }),
  });

function run(pageSizes: readonly number[], operations: readonly Operation[]): void {
  const space = createAddressSpace(fakeIommu({ pageSizes, addressBits: 39 }));
  const model: Model = [];
  for (const op of operations) {
    const { iova, address, length, protection } = op.mapping;
    const want = expected(model, op);
    let got: Errno | number = 0;
    try {
      if (op.kind === 'map') space.map(iova, address, length, protection);
      else got = space.unmap(iova, length);
    } catch (error) {
      if (!(error instanceof IsolationError)) throw error;
      got = error.errno;
    }
    expect(got).toBe(want);
    expect(space.usage.mapped).toBe(bytesOf(model));
    const end = iova + length;
    const inside = op.probes.map((probe) => iova + (probe % (length + 1)));
    for (const at of [iova - 1, iova, end - 1, end, ...inside]) compareAt(space, model, pageSizes, at);
  }
  expect([...space.mappings()]).toEqual(joined(model));
  space.unmap(0, LIMIT);
  space.map(0, 0, K4, 'r');
  space.unmap(0, K4);
  expect([...space.mappings()]).toEqual([]);
  expect(space.usage.nodes).toBe(1);
}

describe('an address space against a list of mappings', () => {
  it.each([
    { of: '4 KiB', pageSizes: [K4], lengths: short, numRuns: 100 },
    { of: '4 KiB and 2 MiB', pageSizes: [K4, M2], lengths: fc.oneof(short, long), numRuns: 100 },
    { of: '4 KiB and 1 GiB', pageSizes: [K4, G1], lengths: fc.oneof(short, short, short, long), numRuns: 30 },
    { of: 'all sizes', pageSizes: [K4, M2, G1], lengths: fc.oneof(short, long), numRuns: 250 },
  ])('does the same with pages of $of, and leaks no node', ({ pageSizes, lengths, numRuns }) => {
    const operations = fc.array(operationOf(lengths), { maxLength: 25 });
    fc.assert(
      fc.property(operations, (each) => run(pageSizes, each)),
      { numRuns },
    );
  });

  it.each<[string, number[], Operation[]]>([
    [
      'one unmap splits the page at either end',
      [K4, M2],
      [
        { kind: 'map', mapping: { iova: M2, address: 0, length: 2 * M2, protection: 'r' }, probes: [] },
        { kind: 'unmap', mapping: { iova: M2 + K4, address: 0, length: 2 * M2 - 2 * K4, protection: 'r' }, probes: [] },
      ],
    ],
  ])('case: %s', (_, pageSizes, operations) => run(pageSizes, operations));
});
