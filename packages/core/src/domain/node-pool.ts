/**
 * @module The memory of a page table: nodes of 512 entries of 8 bytes, as hardware has them, cut from slabs and reused.
 *
 * An entry is two words. A leaf keeps the upper bits of its address in both and flags in the lower twelve bits; the
 * pointer to a node keeps the number of the node in its second word. An entry of zeros is empty.
 */

const SLAB_SHIFT = 4;
const NODES_PER_SLAB = 1 << SLAB_SHIFT;
const NODE_SHIFT = 10;
const WORDS_PER_NODE = 1 << NODE_SHIFT;

export interface NodePool {
  readonly slabs: Uint32Array[];
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
  return { slabs: [], used: new Uint16Array(NODES_PER_SLAB), fresh: 0, returned: 0, live: 0 };
}

/** Makes the next `count` allocations certain to succeed, or throws (`RangeError` of the engine) with nothing changed. */
export function reserveNodes(pool: NodePool, count: number): void {
  while ((pool.slabs.length << SLAB_SHIFT) - pool.live < count) {
    const slab = new Uint32Array(NODES_PER_SLAB << NODE_SHIFT);
    const nodes = (pool.slabs.length + 1) << SLAB_SHIFT;
    if (nodes > pool.used.length) {
      const used = new Uint16Array(nodes * 2);
      used.set(pool.used);
      pool.used = used;
    }
    pool.slabs.push(slab);
  }
}

/** An empty node out of those that were reserved. */
export function allocateNode(pool: NodePool): number {
  pool.live++;
  if (pool.returned === 0) return pool.fresh++;
  const node = pool.returned - 1;
  pool.returned = lowWord(pool, node, 0);
  setEntry(pool, node, 0, 0, 0);
  return node;
}

/** Takes a node back, whatever is in it. */
export function returnNode(pool: NodePool, node: number): void {
  if (pool.used[node] !== 0) {
    const start = (node & (NODES_PER_SLAB - 1)) << NODE_SHIFT;
    slabOf(pool, node).fill(0, start, start + WORDS_PER_NODE);
    pool.used[node] = 0;
  }
  setEntry(pool, node, 0, pool.returned, 0);
  pool.returned = node + 1;
  pool.live--;
}

/** All nodes are gone, their memory too. */
export function emptyPool(pool: NodePool): void {
  pool.slabs.length = 0;
  Object.assign(pool, createNodePool(), { slabs: pool.slabs });
}

/** Bytes that the pool holds, in use or not. */
export function poolBytes(pool: NodePool): number {
  return pool.slabs.length * NODES_PER_SLAB * WORDS_PER_NODE * 4 + pool.used.byteLength;
}

export function lowWord(pool: NodePool, node: number, index: number): number {
  return slabOf(pool, node)[wordOf(node, index)] as number;
}

export function highWord(pool: NodePool, node: number, index: number): number {
  return slabOf(pool, node)[wordOf(node, index) + 1] as number;
}

export function setEntry(pool: NodePool, node: number, index: number, low: number, high: number): void {
  const slab = slabOf(pool, node);
  const word = wordOf(node, index);
  slab[word] = low;
  slab[word + 1] = high;
}

function slabOf(pool: NodePool, node: number): Uint32Array {
  return pool.slabs[node >> SLAB_SHIFT] as Uint32Array;
}

function wordOf(node: number, index: number): number {
  return ((node & (NODES_PER_SLAB - 1)) << NODE_SHIFT) | (index << 1);
}
