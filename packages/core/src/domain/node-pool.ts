/**
 * @module The memory of a page table: nodes of 512 entries of 8 bytes, as hardware has them, reused when they come back.
 *
 * All nodes stand in one array, so that a walk reads nothing but entries. It grows by a quarter, which costs a copy now
 * and then and never more than a quarter of memory.
 *
 * An entry is two words and is known by where its first one stands. A leaf keeps the upper bits of its address in both
 * and flags in the lower twelve bits; a pointer to a node keeps the node's number in its second word. Zeros are empty.
 */

const NODE_SHIFT = 10;
const FIRST_NODES = 16;
/** With more, the place of an entry would not be a small integer any more. They would take 8 GiB. */
const MOST_NODES = 2 ** 21;

export interface NodePool {
  words: Uint32Array;
  /** Entries in use of each node. */
  used: Uint16Array;
  /** Nodes from here on were never handed out. */
  fresh: number;
  /** The node returned last plus one, 0 without any; its first word leads to the one before. */
  returned: number;
  /** Nodes handed out now. */
  live: number;
}

export function createNodePool(): NodePool {
  return {
    words: new Uint32Array(FIRST_NODES << NODE_SHIFT),
    used: new Uint16Array(FIRST_NODES),
    fresh: 0,
    returned: 0,
    live: 0,
  };
}

/** Makes the next `count` allocations certain to succeed, or throws (`RangeError` of the engine) with nothing changed. */
export function reserveNodes(pool: NodePool, count: number): void {
  const { length } = pool.used;
  if (pool.live + count <= length) return;
  const nodes = Math.max(pool.live + count, length + (length >> 2));
  if (nodes > MOST_NODES) throw new RangeError('a page table of more than 8 GiB');
  const words = new Uint32Array(nodes << NODE_SHIFT);
  const used = new Uint16Array(nodes);
  words.set(pool.words);
  used.set(pool.used);
  pool.words = words;
  pool.used = used;
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
  Object.assign(pool, createNodePool());
}

/** Bytes that the pool holds, in use or not. */
export function poolBytes(pool: NodePool): number {
  return pool.words.byteLength + pool.used.byteLength;
}

export function entryOf(node: number, index: number): number {
  return (node << NODE_SHIFT) | (index << 1);
}

export function nodeOf(entry: number): number {
  return entry >>> NODE_SHIFT;
}

export function setEntry(pool: NodePool, entry: number, low: number, high: number): void {
  pool.words[entry] = low;
  pool.words[entry + 1] = high;
}
