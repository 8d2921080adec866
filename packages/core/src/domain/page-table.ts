/**
 * @module The page table of a domain: a radix tree of 9 bits a level, as IOMMU hardware walks it, with pages of 4 KiB,
 * 2 MiB and 1 GiB at levels 0, 1 and 2. Addresses are plain numbers in bytes, checked before they come here.
 */
import {
  allocateNode,
  childOf,
  createNodePool,
  emptyPool,
  entryOf,
  isLeaf,
  leafAddress,
  leafBits,
  type NodePool,
  nodeOf,
  reserveAddresses,
  reserveNodes,
  returnNode,
  setChild,
  setEmpty,
  setLeaf,
} from './node-pool.ts';

const GIB = 2 ** 30;
const INDEX = 511;

export type PageLevel = 0 | 1 | 2;

/** Bytes of a page at each level. */
export const PAGE_SIZES: readonly [number, number, number] = [4096, 2 ** 21, GIB];

/** Bytes that an entry of each level spans. */
const SPANS: readonly number[] = [...PAGE_SIZES, 2 ** 39, 2 ** 48];

/** How many GiBs are kept in mind with their nodes, as in the paging-structure caches of hardware. */
const RECENT = 128;

/** An empty table keeps the memory of so many nodes, 1 MiB, so that a page that comes and goes asks for none. */
const KEPT_NODES = 512;

export interface PageTable {
  readonly pool: NodePool;
  /** Level of the root. */
  readonly top: number;
  /** Levels at which there may be leaves. */
  readonly leafLevels: readonly boolean[];
  root: number;
  mappedBytes: number;
  /** GiBs walked to lately, -1 for none, and their nodes of level 1. */
  readonly recentGibs: Int32Array;
  readonly recentNodes: Int32Array;
  /** Where {@link walk} ended. */
  level: number;
  entry: number;
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
    recentGibs: new Int32Array(RECENT),
    recentNodes: new Int32Array(RECENT),
    level: 0,
    entry: 0,
  };
  emptyTable(table);
  return table;
}

/** Takes out everything, and gives the memory back. */
export function emptyTable(table: PageTable): void {
  emptyPool(table.pool);
  table.root = allocateNode(table.pool);
  table.mappedBytes = 0;
  table.recentGibs.fill(-1);
}

/**
 * Walks to the entry that decides about `iova`, a leaf or the empty entry that ends the way, and leaves it in `entry`
 * and `level` of the table.
 * @returns the word of the entry; 0 when it is empty.
 */
export function walk(table: PageTable, iova: number): number {
  const gib = (iova / GIB) | 0;
  const recent = gib & (RECENT - 1);
  if (table.recentGibs[recent] !== gib && !walkToGib(table, gib)) return table.pool.words[table.entry] as number;
  const { words } = table.pool;
  const inGib = iova & (GIB - 1);
  const entry = entryOf(table.recentNodes[recent] as number, inGib >> 21);
  const word = words[entry] as number;
  if (word === 0 || isLeaf(word)) {
    table.level = 1;
    table.entry = entry;
    return word;
  }
  const last = entryOf(childOf(word), (inGib >> 12) & INDEX);
  table.level = 0;
  table.entry = last;
  return words[last] as number;
}

/**
 * Walks to the node of level 1 that a GiB has, and keeps it in mind. It is apart, so that {@link walk} is small enough to
 * become part of what calls it.
 * @returns false when the walk ends above, with what {@link walk} leaves then.
 */
function walkToGib(table: PageTable, gib: number): boolean {
  const { words } = table.pool;
  let { root: node } = table;
  for (let level = table.top; level > 1; level--) {
    const entry = entryOf(node, (gib >> (9 * (level - 2))) & INDEX);
    const word = words[entry] as number;
    if (word === 0 || isLeaf(word)) {
      table.level = level;
      table.entry = entry;
      return false;
    }
    node = childOf(word);
  }
  const recent = gib & (RECENT - 1);
  table.recentGibs[recent] = gib;
  table.recentNodes[recent] = node;
  return true;
}

/** The first page that ends after `from` and starts before `to`. */
export function nextPage(table: PageTable, from: number, to: number): Page | undefined {
  for (let iova = from; iova < to; ) {
    const word = walk(table, iova);
    const length = SPANS[table.level] as number;
    const start = iova - (iova % length);
    if (word !== 0) {
      return { iova: start, address: leafAddress(table.pool, table.entry, word), length, bits: leafBits(word) };
    }
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
  reserveAddresses(table.pool, address + (PAGE_SIZES[level] as number));
  if (table.level > level) descend(table, level, iova);
  setLeaf(table.pool, table.entry, address, bits);
  table.pool.used[nodeOf(table.entry)]!++;
  table.mappedBytes += PAGE_SIZES[level] as number;
  return true;
}

/**
 * Makes it certain that every page of a range finds its nodes and room for its address. Nothing of the range is mapped, so
 * of the nodes that are reserved at most those on the way to its two ends are there already.
 * @throws NoMemoryError with nothing changed.
 */
export function reserveFor(table: PageTable, iova: number, address: number, length: number): void {
  const fits = SPANS.map((span, level) => table.leafLevels[level] === true && (iova - address) % span === 0);
  reserveNodes(table.pool, nodesFor(fits, table.top - 1, iova, iova + length));
  reserveAddresses(table.pool, address + length);
}

/** How many nodes a range takes at a level and below, with the largest pages that fit between it and its memory. */
function nodesFor(fits: readonly boolean[], level: number, from: number, to: number): number {
  if (level < 0 || from === to) return 0;
  const above = SPANS[level + 1] as number;
  const nodes = Math.ceil(to / above) - Math.floor(from / above);
  if (!fits[level]) return nodes + nodesFor(fits, level - 1, from, to);
  // What sticks out of the pages of this level, on either side, takes smaller ones.
  const span = SPANS[level] as number;
  const first = Math.min(to, Math.ceil(from / span) * span);
  const last = Math.max(first, Math.floor(to / span) * span);
  return nodes + nodesFor(fits, level - 1, from, first) + nodesFor(fits, level - 1, last, to);
}

/** Hangs new nodes below the empty entry that {@link walk} ended at, down to a level. */
function descend(table: PageTable, level: number, iova: number): void {
  const { pool } = table;
  reserveNodes(pool, table.level - level);
  while (table.level > level) {
    const child = allocateNode(pool);
    setChild(pool, table.entry, child);
    pool.used[nodeOf(table.entry)]!++;
    table.level--;
    table.entry = entryOf(child, indexAt(table.level, iova));
  }
}

function indexAt(level: number, iova: number): number {
  return Math.floor(iova / (SPANS[level] as number)) & INDEX;
}

/**
 * Takes out what is mapped of a range. A larger page that sticks out is split first, as the driver of an IOMMU does:
 * what is outside stays mapped. With the last page of a large table its memory goes.
 * @returns bytes that were mapped
 * @throws NoMemoryError there is none for the parts of a split page; all stays mapped.
 */
export function removeRange(table: PageTable, from: number, to: number): number {
  const length = to - from;
  const before = table.mappedBytes;
  if (walk(table, from) !== 0 && SPANS[table.level] === length && from % length === 0) {
    removeLeaf(table, from);
  } else {
    splitAt(table, from);
    splitAt(table, to);
    clear(table, table.root, table.top, 0, from, to);
  }
  const removed = before - table.mappedBytes;
  if (table.mappedBytes === 0 && table.pool.used.length > KEPT_NODES) emptyTable(table);
  return removed;
}

/** Empties the leaf that {@link walk} ended at, and takes back the nodes that have no entry left. */
function removeLeaf(table: PageTable, iova: number): void {
  const { pool, entry } = table;
  setEmpty(pool, entry);
  table.mappedBytes -= SPANS[table.level] as number;
  if (--pool.used[nodeOf(entry)]! === 0) prune(table, table.root, table.top, iova);
}

/** Takes back the empty nodes on the way to `iova`, from below. */
function prune(table: PageTable, node: number, level: number, iova: number): void {
  const { pool } = table;
  const entry = entryOf(node, indexAt(level, iova));
  const word = pool.words[entry] as number;
  if (word === 0 || isLeaf(word)) return;
  const child = childOf(word);
  prune(table, child, level - 1, iova);
  if (pool.used[child] === 0) dropChild(table, entry, child);
}

function dropChild(table: PageTable, entry: number, child: number): void {
  returnNode(table.pool, child);
  setEmpty(table.pool, entry);
  table.pool.used[nodeOf(entry)]!--;
  table.recentGibs.fill(-1);
}

/** Splits the pages over a boundary until it is the start of one, or of a hole. Changes no translation. */
function splitAt(table: PageTable, boundary: number): void {
  for (;;) {
    if (walk(table, boundary) === 0 || boundary % (SPANS[table.level] as number) === 0) return;
    reserveNodes(table.pool, table.leafLevels[table.level - 1] ? 1 : INDEX + 2);
    splitLeaf(table, table.entry, table.level);
  }
}

/** One page becomes 512 of the level below, or of the next level that the IOMMU has. */
function splitLeaf(table: PageTable, entry: number, level: number): void {
  const { pool, leafLevels } = table;
  const word = pool.words[entry] as number;
  const base = leafAddress(pool, entry, word);
  const span = SPANS[level - 1] as number;
  const child = allocateNode(pool);
  for (let index = 0; index <= INDEX; index++) {
    setLeaf(pool, entryOf(child, index), base + index * span, leafBits(word));
    if (!leafLevels[level - 1]) splitLeaf(table, entryOf(child, index), level - 1);
  }
  pool.used[child] = INDEX + 1;
  setChild(pool, entry, child);
}

/** Empties the entries of a node within a range; no leaf sticks out of it. `base` is where the node's span starts. */
function clear(table: PageTable, node: number, level: number, base: number, from: number, to: number): void {
  const { pool } = table;
  const span = SPANS[level] as number;
  const first = Math.max(0, Math.floor((from - base) / span));
  const last = Math.min(INDEX, Math.ceil((to - base) / span) - 1);
  for (let index = first; index <= last; index++) {
    const entry = entryOf(node, index);
    const word = pool.words[entry] as number;
    if (word === 0) continue;
    if (isLeaf(word)) {
      setEmpty(pool, entry);
      pool.used[node]!--;
      table.mappedBytes -= span;
      continue;
    }
    const child = childOf(word);
    clear(table, child, level - 1, base + index * span, from, to);
    if (pool.used[child] === 0) dropChild(table, entry, child);
  }
}
