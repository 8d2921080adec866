/**
 * @module The memory of a page table: nodes of 512 entries, reused when they come back.
 *
 * All nodes stand in one array, so that a walk finds an entry without asking where its node is. It grows by a quarter,
 * or to what was reserved: that costs a copy now and then, and never leaves more than a quarter beyond what was in use or
 * reserved at once.
 *
 * An entry is known by where it stands, and is one word of 32 bits, half of what hardware takes:
 *
 * | bits 31 to 3                    | bits 2 to 0              |                                    |
 * |---------------------------------|--------------------------|------------------------------------|
 * | 0                               | 0                        | nothing                            |
 * | number of a node, never 0       | 0                        | the node of the level below        |
 * | lower 29 bits of a frame number | protection, never 0      | a leaf: the page starts at a frame |
 *
 * Frames are of 4 KiB, so a word is enough for memory below 2 TiB. With the first page that leads to memory above, a
 * second array comes for the 12 bits that frames below 2^53 have beyond that.
 */
import { NoMemoryError } from '../errors.ts';

const NODE_SHIFT = 9;
/** The root. */
const FIRST_NODES = 1;
/** With more, the place of an entry would not be a small integer any more. They would take 4 GiB. */
const MOST_NODES = 2 ** 21;

const FRAME = 4096;
const BITS_SHIFT = 3;
const BITS = 7;
/** Frames that a word can tell apart. */
const WORD_FRAMES = 2 ** 29;

export interface NodePool {
  words: Uint32Array;
  /** Upper bits of the frames in leaves; undefined as long as all of them are 0. */
  upper: Uint16Array | undefined;
  /** Entries in use of each node. */
  used: Uint16Array;
  /** Nodes from here on were never handed out. */
  fresh: number;
  /** The node returned last plus one, 0 without any; its first word leads to the one before. */
  returned: number;
  /** Nodes handed out now. */
  live: number;
  /** Nodes that there may be at once. */
  readonly most: number;
}

export function createNodePool(most: number = MOST_NODES): NodePool {
  return {
    words: new Uint32Array(FIRST_NODES << NODE_SHIFT),
    upper: undefined,
    used: new Uint16Array(FIRST_NODES),
    fresh: 0,
    returned: 0,
    live: 0,
    most,
  };
}

/** Makes the next `count` allocations certain to succeed. @throws NoMemoryError with nothing changed. */
export function reserveNodes(pool: NodePool, count: number): void {
  const { length } = pool.used;
  const needed = pool.live + count;
  if (needed <= length) return;
  if (needed > pool.most) throw noMemory(`a page table has at most ${pool.most} nodes`, needed);
  const nodes = Math.min(pool.most, Math.max(needed, length + (length >> 2)));
  Object.assign(
    pool,
    obtain(nodes, () => grown(pool, nodes)),
  );
}

function grown(pool: NodePool, nodes: number): Pick<NodePool, 'words' | 'upper' | 'used'> {
  const words = new Uint32Array(nodes << NODE_SHIFT);
  const upper = pool.upper && longer(pool.upper, words.length);
  const used = longer(pool.used, nodes);
  words.set(pool.words);
  return { words, upper, used };
}

function longer(array: Uint16Array, length: number): Uint16Array {
  const copy = new Uint16Array(length);
  copy.set(array);
  return copy;
}

/** Makes it certain that leaves may lead to memory up to `end`. @throws NoMemoryError with nothing changed. */
export function reserveAddresses(pool: NodePool, end: number): void {
  if (end <= WORD_FRAMES * FRAME || pool.upper !== undefined) return;
  pool.upper = obtain(pool.used.length, () => new Uint16Array(pool.words.length));
}

/** What the engine throws when it finds no memory is passed on as the `cause`. */
function obtain<T>(nodes: number, allocate: () => T): T {
  try {
    return allocate();
  } catch (cause) {
    throw noMemory('the system has no memory for them', nodes, { cause });
  }
}

function noMemory(why: string, nodes: number, cause: { readonly cause?: unknown } = {}): NoMemoryError {
  return new NoMemoryError({
    says: `the page table would need room for ${nodes} nodes, and ${why}`,
    next: 'map less, or with larger pages',
    operands: { nodes },
    ...cause,
  });
}

/** An empty node out of those that were reserved. */
export function allocateNode(pool: NodePool): number {
  pool.live++;
  if (pool.returned === 0) return pool.fresh++;
  const node = pool.returned - 1;
  const link = entryOf(node, 0);
  pool.returned = pool.words[link] as number;
  pool.words[link] = 0;
  return node;
}

/** Takes an empty node back. */
export function returnNode(pool: NodePool, node: number): void {
  pool.words[entryOf(node, 0)] = pool.returned;
  pool.returned = node + 1;
  pool.live--;
}

/** All nodes are gone, their memory too. */
export function emptyPool(pool: NodePool): void {
  Object.assign(pool, createNodePool(pool.most));
}

/** Bytes that the pool holds, in use or not. */
export function poolBytes(pool: NodePool): number {
  return pool.words.byteLength + (pool.upper?.byteLength ?? 0) + pool.used.byteLength;
}

export function entryOf(node: number, index: number): number {
  return (node << NODE_SHIFT) | index;
}

export function nodeOf(entry: number): number {
  return entry >>> NODE_SHIFT;
}

/** @param word of an entry that is not empty. */
export function isLeaf(word: number): boolean {
  return (word & BITS) !== 0;
}

/** @param word of an entry that is no leaf. */
export function childOf(word: number): number {
  return word >>> BITS_SHIFT;
}

/** @param word of a leaf. */
export function leafBits(word: number): number {
  return word & BITS;
}

/** @param word of the leaf at `entry`. */
export function leafAddress({ upper }: NodePool, entry: number, word: number): number {
  const frame = word >>> BITS_SHIFT;
  return (upper === undefined ? frame : (upper[entry] as number) * WORD_FRAMES + frame) * FRAME;
}

/** @param address of a whole frame, for which there is room. */
export function setLeaf({ words, upper }: NodePool, entry: number, address: number, bits: number): void {
  const frame = address / FRAME;
  words[entry] = (frame << BITS_SHIFT) | bits;
  if (upper !== undefined) upper[entry] = Math.floor(frame / WORD_FRAMES);
}

export function setChild(pool: NodePool, entry: number, child: number): void {
  pool.words[entry] = child << BITS_SHIFT;
}

export function setEmpty(pool: NodePool, entry: number): void {
  pool.words[entry] = 0;
}
