/**
 * @module The page table of a domain: a radix tree of 9 bits a level, as IOMMU hardware walks it, with pages of 4 KiB,
 * 2 MiB and 1 GiB at levels 0, 1 and 2. Addresses are plain numbers in bytes, checked before they come here.
 */
import {
  allocateNode,
  createNodePool,
  emptyPool,
  highWord,
  lowWord,
  type NodePool,
  reserveNodes,
  returnNode,
  setEntry,
} from './node-pool.ts';

const GIB = 2 ** 30;
const WORD = 2 ** 32;
const INDEX = 511;

/** Bytes of a page at each level. */
export const PAGE_SIZES: readonly [number, number, number] = [4096, 2 ** 21, GIB];

/** Bytes that an entry of each level spans. */
const SPANS: readonly number[] = [...PAGE_SIZES, 2 ** 39, 2 ** 48];

/** An entry's flags; a leaf keeps its protection in bits 0 to 2, 1 read, 2 write, 4 execute. */
const LEAF = 8;
const TABLE = 16;
const BITS = 7;
const FRAME = 0xffff_f000;

export interface PageTable {
  readonly pool: NodePool;
  /** Level of the root. */
  readonly top: number;
  /** Levels at which there may be leaves. */
  readonly leafLevels: readonly boolean[];
  root: number;
  mappedBytes: number;
  /** The GiB walked to last and its node of level 1, as the paging-structure caches of hardware; -1 for none. */
  recentGib: number;
  recentNode: number;
  /** Where {@link walk} ended. */
  level: number;
  node: number;
  index: number;
}

/** A page as it stands in the table. */
export interface Page {
  readonly iova: number;
  readonly address: number;
  readonly length: number;
  readonly bits: number;
}

/** @param addressBits how wide an IOVA is; hardware has 39, 48 or 57. */
export function createPageTable(addressBits: number, pageSizes: readonly number[]): PageTable {
  const table: PageTable = {
    pool: createNodePool(),
    top: Math.max(3, Math.ceil((Math.min(addressBits, 53) - 12) / 9)) - 1,
    leafLevels: PAGE_SIZES.map((size) => pageSizes.includes(size)),
    root: 0,
    mappedBytes: 0,
    recentGib: -1,
    recentNode: 0,
    level: 0,
    node: 0,
    index: 0,
  };
  emptyTable(table);
  return table;
}

export function emptyTable(table: PageTable): void {
  emptyPool(table.pool);
  reserveNodes(table.pool, 1);
  table.root = allocateNode(table.pool);
  table.mappedBytes = 0;
  table.recentGib = -1;
}

/**
 * Walks to the entry that decides about `iova`: a leaf, or the empty entry that ends the way. It stands in `level`,
 * `node` and `index` of the table.
 * @returns the lower word of the entry; 0 when it is empty.
 */
export function walk(table: PageTable, iova: number): number {
  const { pool } = table;
  const gib = Math.floor(iova / GIB);
  const inGib = iova - gib * GIB;
  let { root: node } = table;
  if (gib === table.recentGib) {
    node = table.recentNode;
  } else {
    for (let level = table.top; level > 1; level--) {
      const index = (gib >> (9 * (level - 2))) & INDEX;
      const low = lowWord(pool, node, index);
      if ((low & TABLE) === 0) return endWalk(table, level, node, index, low);
      node = highWord(pool, node, index);
    }
    table.recentGib = gib;
    table.recentNode = node;
  }
  const index = inGib >> 21;
  const low = lowWord(pool, node, index);
  if ((low & TABLE) === 0) return endWalk(table, 1, node, index, low);
  const last = highWord(pool, node, index);
  const page = (inGib >> 12) & INDEX;
  return endWalk(table, 0, last, page, lowWord(pool, last, page));
}

function endWalk(table: PageTable, level: number, node: number, index: number, low: number): number {
  table.level = level;
  table.node = node;
  table.index = index;
  return low;
}

/** The address in the leaf that {@link walk} ended at. */
export function leafAddress(table: PageTable, low: number): number {
  return highWord(table.pool, table.node, table.index) * WORD + ((low & FRAME) >>> 0);
}

export function leafBits(low: number): number {
  return low & BITS;
}

/** The first page that ends after `from` and starts before `to`. */
export function nextPage(table: PageTable, from: number, to: number): Page | undefined {
  for (let iova = from; iova < to; ) {
    const low = walk(table, iova);
    const length = SPANS[table.level] as number;
    const start = iova - (iova % length);
    if (low !== 0) return { iova: start, address: leafAddress(table, low), length, bits: leafBits(low) };
    iova = start + length;
  }
  return undefined;
}

/**
 * Puts in a page of the size of a level.
 * @returns false, with nothing changed, when something in its range is mapped already.
 */
export function insertPage(table: PageTable, level: number, iova: number, address: number, bits: number): boolean {
  if (walk(table, iova) !== 0) return false;
  // Only tables with entries hang in the tree, so a walk that ends below the level has passed a mapping in the range.
  if (table.level < level) return false;
  if (table.level > level) descend(table, level, iova);
  const high = Math.floor(address / WORD);
  setEntry(table.pool, table.node, table.index, (address - high * WORD) | LEAF | bits, high);
  table.pool.used[table.node]!++;
  table.mappedBytes += PAGE_SIZES[level] as number;
  return true;
}

/** Hangs new nodes below the empty entry that {@link walk} ended at, down to a level. */
function descend(table: PageTable, level: number, iova: number): void {
  const { pool } = table;
  reserveNodes(pool, table.level - level);
  while (table.level > level) {
    const child = allocateNode(pool);
    setEntry(pool, table.node, table.index, TABLE, child);
    pool.used[table.node]!++;
    table.level--;
    table.node = child;
    table.index = indexAt(table.level, iova);
  }
}

function indexAt(level: number, iova: number): number {
  return Math.floor(iova / (SPANS[level] as number)) & INDEX;
}

/**
 * Takes out what is mapped of a range. A larger page that sticks out is split first, as the driver of an IOMMU does:
 * what is outside stays mapped.
 * @returns bytes that were mapped
 */
export function removeRange(table: PageTable, from: number, to: number): number {
  const low = walk(table, from);
  if (low !== 0 && SPANS[table.level] === to - from && from % (to - from) === 0) return removeLeaf(table, from);
  splitAt(table, from);
  splitAt(table, to);
  const before = table.mappedBytes;
  clear(table, table.root, table.top, 0, from, to);
  table.recentGib = -1;
  return before - table.mappedBytes;
}

/** Empties the leaf that {@link walk} ended at, and takes back the nodes that have no entry left. */
function removeLeaf(table: PageTable, iova: number): number {
  const { pool } = table;
  const length = PAGE_SIZES[table.level as 0 | 1 | 2];
  setEntry(pool, table.node, table.index, 0, 0);
  table.mappedBytes -= length;
  if (--pool.used[table.node]! === 0) prune(table, table.root, table.top, iova);
  return length;
}

/** Takes back the empty nodes on the way to `iova`, from below. */
function prune(table: PageTable, node: number, level: number, iova: number): void {
  const { pool } = table;
  const index = indexAt(level, iova);
  if ((lowWord(pool, node, index) & TABLE) === 0) return;
  const child = highWord(pool, node, index);
  prune(table, child, level - 1, iova);
  if (pool.used[child] === 0) dropChild(table, node, index, child);
}

function dropChild(table: PageTable, node: number, index: number, child: number): void {
  returnNode(table.pool, child);
  setEntry(table.pool, node, index, 0, 0);
  table.pool.used[node]!--;
  table.recentGib = -1;
}

/** Splits the pages over a boundary until it is the start of one, or of a hole. Changes no translation. */
function splitAt(table: PageTable, boundary: number): void {
  for (;;) {
    if (walk(table, boundary) === 0 || boundary % (SPANS[table.level] as number) === 0) return;
    const { node, index, level } = table;
    reserveNodes(table.pool, table.leafLevels[level - 1] ? 1 : 513);
    splitLeaf(table, node, index, level);
  }
}

/** One page becomes 512 of the level below, or of the next level that the IOMMU has. */
function splitLeaf(table: PageTable, node: number, index: number, level: number): void {
  const { pool, leafLevels } = table;
  const low = lowWord(pool, node, index);
  const high = highWord(pool, node, index);
  const child = allocateNode(pool);
  const span = PAGE_SIZES[(level - 1) as 0 | 1];
  const base = high * WORD + ((low & FRAME) >>> 0);
  for (let k = 0; k <= INDEX; k++) {
    const address = base + k * span;
    const upper = Math.floor(address / WORD);
    setEntry(pool, child, k, (address - upper * WORD) | LEAF | leafBits(low), upper);
    if (!leafLevels[level - 1]) splitLeaf(table, child, k, level - 1);
  }
  pool.used[child] = INDEX + 1;
  setEntry(pool, node, index, TABLE, child);
}

/** Empties the entries of a node within a range; no leaf sticks out of it. `base` is where the node's span starts. */
function clear(table: PageTable, node: number, level: number, base: number, from: number, to: number): void {
  const { pool } = table;
  const span = SPANS[level] as number;
  const first = Math.max(0, Math.floor((from - base) / span));
  const last = Math.min(INDEX, Math.ceil((to - base) / span) - 1);
  for (let index = first; index <= last; index++) {
    const low = lowWord(pool, node, index);
    if (low === 0) continue;
    if ((low & TABLE) === 0) {
      setEntry(pool, node, index, 0, 0);
      pool.used[node]!--;
      table.mappedBytes -= span;
      continue;
    }
    const child = highWord(pool, node, index);
    clear(table, child, level - 1, base + index * span, from, to);
    if (pool.used[child] === 0) dropChild(table, node, index, child);
  }
}
