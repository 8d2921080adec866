/**
 * @module Domains: map, unmap and resolve of single pages through the public calls, sequential and random, beside a `Map`
 * of pages; and what a page table costs beside the bytes of one that hardware walks.
 */
import { createDomain, type Domain, type IommuOps, type Protection } from '@isogroups/core';

const KIB4 = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;

/** What both contenders can do with one page. */
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

function domainContender(pageSize: number): Contender {
  const domain = freshDomain([KIB4, MIB2, GIB]);
  return {
    map: (iova, address) => domain.map(iova, address, pageSize, 'rw'),
    resolve: (iova) => domain.resolve(iova)?.address ?? 0,
    unmap: (iova) => void domain.unmap(iova, pageSize),
  };
}

/** The simplest thing a reader would write; it checks nothing but an overlap. */
function mapContender(pageSize: number): Contender {
  const pages = new Map<number, { readonly address: number; readonly protection: Protection }>();
  return {
    map(iova, address) {
      const page = iova / pageSize;
      if (pages.has(page)) throw new Error('overlap');
      pages.set(page, { address, protection: 'rw' });
    },
    resolve(iova) {
      const page = Math.floor(iova / pageSize);
      const found = pages.get(page);
      return found === undefined ? 0 : found.address + (iova - page * pageSize);
    },
    unmap: (iova) => void pages.delete(iova / pageSize),
  };
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

/** Millions of calls a second, the best of the rounds: map all, resolve all several times, unmap all. */
function rates(contender: Contender, list: Float64Array, pageSize: number, rounds: number): readonly number[] {
  const best = [0, 0, 0];
  const note = (k: number, calls: number, start: bigint): void => {
    const rate = (calls * 1e3) / Number(process.hrtime.bigint() - start);
    best[k] = Math.max(best[k] as number, rate);
  };
  const repeats = Math.max(1, Math.floor(2e6 / list.length));
  for (let round = 0; round < rounds; round++) {
    let start = process.hrtime.bigint();
    for (const iova of list) contender.map(iova, iova + GIB);
    note(0, list.length, start);
    start = process.hrtime.bigint();
    let sum = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let k = 0; k < list.length; k++) sum += contender.resolve((list[k] as number) + 8) - (list[k] as number);
    }
    note(1, list.length * repeats, start);
    if (sum !== (GIB + 8) * list.length * repeats) throw new Error(`wrong addresses: pages of ${pageSize}`);
    start = process.hrtime.bigint();
    for (const iova of list) contender.unmap(iova);
    note(2, list.length, start);
  }
  return best;
}

export function mapping(quick: boolean): void {
  const rounds = quick ? 3 : 10;
  console.log('pages       mapped  order       map M/s (: Map)  resolve M/s (: Map)  unmap M/s (: Map)');
  for (const [pageSize, bytes] of [
    [KIB4, GIB / 4],
    [KIB4, 4 * GIB],
    [MIB2, 64 * GIB],
  ] as const) {
    for (const random of [false, true]) {
      const list = iovas(pageSize, bytes, random);
      const ours = rates(domainContender(pageSize), list, pageSize, rounds);
      const theirs = rates(mapContender(pageSize), list, pageSize, rounds);
      const cells = ours.map(
        (rate, k) => `${rate.toFixed(1).padStart(8)} (${(rate / (theirs[k] as number)).toFixed(1)})`,
      );
      console.log(
        `${pagesOf(pageSize)}  ${String(bytes / GIB).padStart(7)} GiB  ${random ? 'random    ' : 'sequential'}  ${cells.map((c) => c.padStart(16)).join('  ')}`,
      );
    }
  }
  for (const pageSize of [KIB4, MIB2]) {
    for (const atOnce of [true, false]) memory(pageSize, quick ? 4 * GIB : 64 * GIB, atOnce);
  }
  memoryOfSmall();
}

const pagesOf = (pageSize: number): string => (pageSize === KIB4 ? '4 KiB' : '2 MiB');
const mib = (n: number): string => `${(n / 2 ** 20).toFixed(2)} MiB`;
const kib = (n: number): string => `${(n / 2 ** 10).toFixed(1)} KiB`;

function memory(pageSize: number, bytes: number, atOnce: boolean): void {
  const step = atOnce ? bytes : pageSize;
  const hardware = hardwareBytes(pageSize, bytes);
  const { each, domains } = bytesEach(Math.ceil(MEASURABLE / hardware), () => {
    const domain = freshDomain([pageSize]);
    for (let done = 0; done < bytes; done += step) domain.map(4 * GIB + done, done, step, 'rw');
    return domain;
  });
  if (domains.some(({ usage }) => usage.mapped !== bytes)) throw new Error('not all was mapped');
  console.log(
    `${bytes / GIB} GiB in pages of ${pagesOf(pageSize)}, mapped ${atOnce ? 'in one call' : 'page by page'}: ${mib(each)} in ${domains[0]?.usage.nodes} nodes, ${(each / hardware).toFixed(2)} times the ${mib(hardware)} of a hardware page table`,
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
  const lastNodes = bytes / (512 * pageSize);
  const upper = pageSize === KIB4 ? Math.ceil(bytes / (512 * GIB)) + bytes / GIB : Math.ceil(bytes / (512 * GIB));
  return (1 + upper + lastNodes) * 4096;
}

function bytesInUse(): number {
  // Once to find what is not used any more, once to wait until its memory was given back.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
