/**
 * @module Domains: map, unmap and resolve of single pages through the public calls, sequential and random, beside a `Map`
 * of pages; and what a page table costs beside the bytes of one that hardware walks.
 */
import { createDomain, type Domain, type IommuOps, type Protection } from '@isogroups/core';

const KIB4 = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;

/** What both contenders can do with one page. Classes, so that a fresh one is no news to the compiler. */
interface Contender {
  map(iova: number, address: number): void;
  resolve(iova: number): number;
  unmap(iova: number): void;
}

function freshDomain(pageSizes: readonly number[]): Domain {
  const iommuOps: IommuOps = {
    name: 'bench',
    pageSizes,
    reserved: [{ start: 0xfee0_0000, length: 0x10_0000, kind: 'msi' }],
    attach() {},
    detach() {},
  };
  const device = { name: 'a', bus: 'pci', parent: undefined, driver: undefined };
  return createDomain({ name: 'g', devices: [device], iommuOps, domain: undefined });
}

class DomainContender implements Contender {
  readonly domain = freshDomain([KIB4, MIB2, GIB]);
  readonly pageSize: number;

  constructor(pageSize: number) {
    this.pageSize = pageSize;
  }

  map(iova: number, address: number): void {
    this.domain.map(iova, address, this.pageSize, 'rw');
  }

  resolve(iova: number): number {
    return this.domain.resolve(iova)?.address ?? 0;
  }

  unmap(iova: number): void {
    this.domain.unmap(iova, this.pageSize);
  }
}

/** The simplest thing a reader would write; it checks nothing but an overlap. */
class MapContender implements Contender {
  readonly pages = new Map<number, { readonly address: number; readonly protection: Protection }>();
  readonly pageSize: number;

  constructor(pageSize: number) {
    this.pageSize = pageSize;
  }

  map(iova: number, address: number): void {
    const page = iova / this.pageSize;
    if (this.pages.has(page)) throw new Error('overlap');
    this.pages.set(page, { address, protection: 'rw' });
  }

  resolve(iova: number): number {
    const page = Math.floor(iova / this.pageSize);
    const found = this.pages.get(page);
    return found === undefined ? 0 : found.address + (iova - page * this.pageSize);
  }

  unmap(iova: number): void {
    this.pages.delete(iova / this.pageSize);
  }
}

/** IOVAs of every page of a range above the interrupt window, in order or shuffled. */
function iovas(pageSize: number, bytes: number, random: boolean): Float64Array {
  const list = Float64Array.from({ length: bytes / pageSize }, (_, k) => 4 * GIB + k * pageSize);
  if (!random) return list;
  let seed = 20120312;
  for (let k = list.length - 1; k > 0; k--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((seed / 2 ** 32) * (k + 1));
    [list[k], list[other]] = [list[other] as number, list[k] as number];
  }
  return list;
}

/** How often all pages are resolved in a round. */
const REPEATS = 4;

/**
 * Millions of calls a second to map all, resolve all several times, and unmap all. Contenders start empty in each round, so
 * that `map` is the first fill of each, and the one that goes first changes; of each call its best round counts.
 */
function rates(makers: readonly (() => Contender)[], list: Float64Array, rounds: number): readonly number[][] {
  const best = makers.map(() => [0, 0, 0]);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < makers.length; turn++) {
      const who = (round + turn) % makers.length;
      globalThis.gc?.();
      const rate = ratesOf((makers[who] as () => Contender)(), list);
      best[who] = (best[who] as number[]).map((each, k) => Math.max(each, rate[k] as number));
    }
  }
  return best;
}

function ratesOf(contender: Contender, list: Float64Array): readonly number[] {
  const start = process.hrtime.bigint();
  for (const iova of list) contender.map(iova, iova + GIB);
  const mapped = process.hrtime.bigint();
  let sum = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (let k = 0; k < list.length; k++) sum += contender.resolve((list[k] as number) + 8) - (list[k] as number);
  }
  const resolved = process.hrtime.bigint();
  if (sum !== (GIB + 8) * list.length * REPEATS) throw new Error('wrong addresses');
  for (const iova of list) contender.unmap(iova);
  const unmapped = process.hrtime.bigint();
  const rate = (calls: number, time: bigint): number => (calls * 1e3) / Number(time);
  return [
    rate(list.length, mapped - start),
    rate(list.length * REPEATS, resolved - mapped),
    rate(list.length, unmapped - resolved),
  ];
}

export function mapping(quick: boolean): void {
  const rounds = quick ? 4 : 10;
  console.log('pages       mapped  order       map M/s (: Map)  resolve M/s (: Map)  unmap M/s (: Map)');
  for (const [pageSize, bytes] of [
    [KIB4, GIB / 4],
    [KIB4, 4 * GIB],
    [MIB2, 64 * GIB],
  ] as const) {
    for (const random of [false, true]) {
      const list = iovas(pageSize, bytes, random);
      const makers = [() => new DomainContender(pageSize), () => new MapContender(pageSize)];
      const [ours, theirs] = rates(makers, list, rounds * Math.ceil(2 ** 18 / list.length)) as [number[], number[]];
      const cells = ours.map(
        (rate, k) => `${rate.toFixed(1).padStart(8)} (${(rate / (theirs[k] as number)).toFixed(1)})`,
      );
      console.log(
        `${pagesOf(pageSize)}  ${String(bytes / GIB).padStart(7)} GiB  ${random ? 'random    ' : 'sequential'}  ${cells.map((c) => c.padStart(16)).join('  ')}`,
      );
    }
  }
  const bytes = quick ? 4 * GIB : 64 * GIB;
  for (const pageSize of [KIB4, MIB2]) {
    for (const atOnce of [true, false]) memory([pageSize], bytes, atOnce);
  }
  for (const pageSizes of [
    [KIB4, GIB],
    [KIB4, MIB2, GIB],
  ]) {
    memory(pageSizes, bytes, true);
  }
  memoryOfSmall();
}

const pagesOf = (pageSize: number): string => (pageSize === KIB4 ? '4 KiB' : pageSize === MIB2 ? '2 MiB' : '1 GiB');
const mib = (n: number): string => `${(n / 2 ** 20).toFixed(2)} MiB`;
const kib = (n: number): string => `${(n / 2 ** 10).toFixed(1)} KiB`;
const bytesOf = (n: number): string => (n < 2 ** 20 ? kib(n) : mib(n));

function memory(pageSizes: readonly number[], bytes: number, atOnce: boolean): void {
  const [smallest] = pageSizes as [number];
  const step = atOnce ? bytes : smallest;
  const hardware = hardwareBytes(Math.max(...pageSizes), bytes);
  const { each, domains } = bytesEach(Math.ceil(MEASURABLE / hardware), () => {
    const domain = freshDomain(pageSizes);
    for (let done = 0; done < bytes; done += step) domain.map(4 * GIB + done, done, step, 'rw');
    return domain;
  });
  if (domains.some(({ usage }) => usage.mapped !== bytes)) throw new Error('not all was mapped');
  console.log(
    `${bytes / GIB} GiB in pages of ${pageSizes.map(pagesOf).join(', ')}, mapped ${atOnce ? 'in one call' : 'page by page'}: ${bytesOf(each)} in ${domains[0]?.usage.nodes} nodes, ${(each / hardware).toFixed(2)} times the ${bytesOf(hardware)} of a hardware page table`,
  );
}

/** What a domain costs before there is much in it. Hardware has a root, and a node a level on the way to a page. */
function memoryOfSmall(): void {
  const count = MEASURABLE / 4096;
  const empty = bytesEach(count, () => freshDomain([KIB4, MIB2, GIB])).each;
  const [small, large] = [KIB4, MIB2].map((pageSize) => {
    return bytesEach(count, () => {
      const domain = freshDomain([KIB4, MIB2, GIB]);
      domain.map(4 * GIB, 0, pageSize, 'rw');
      return domain;
    }).each;
  }) as [number, number];
  console.log(
    `a domain without mappings: ${kib(empty)} (hardware: 4 KiB), with one page of 4 KiB: ${kib(small)} (16 KiB), with one of 2 MiB: ${kib(large)} (12 KiB)`,
  );
}

/** So many bytes of tables are measured together that what else is on the heap does not count. */
const MEASURABLE = 16 * 2 ** 20;

/** Bytes that a domain takes: all of it, measured from outside, not what its table says of itself. */
function bytesEach(count: number, make: () => Domain): { readonly each: number; readonly domains: readonly Domain[] } {
  make();
  const before = bytesInUse();
  const domains = Array.from({ length: count }, make);
  return { each: (bytesInUse() - before) / count, domains };
}

/** Nodes of 4096 bytes at four levels. */
function hardwareBytes(pageSize: number, bytes: number): number {
  let nodes = 1;
  for (let span = 512 * pageSize; span <= 512 * GIB; span *= 512) nodes += Math.ceil(bytes / span);
  return nodes * 4096;
}

function bytesInUse(): number {
  // Once to find what is not used any more, once to wait until its memory was given back.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
