/**
 * @module The set of situations that were visited: twelve bytes each, and nothing for the garbage collector to look at.
 */

export interface Visited {
  readonly size: number;
  /** @returns whether it was not there yet. The numbers are from 1 and fit 32 bits. */
  add(a: number, b: number, c: number): boolean;
}

/** Open addressing with linear probing; a slot whose first number is 0 is free. */
export function createVisited(capacity: 16 | 65536 = 65536): Visited {
  let slots: number = capacity;
  let table = new Uint32Array(3 * slots);
  let size = 0;

  /** Where it is, or where it would be. */
  const find = (a: number, b: number, c: number): number => {
    let slot = mix(a, b, c) & (slots - 1);
    while (table[3 * slot] !== 0) {
      if (table[3 * slot] === a && table[3 * slot + 1] === b && table[3 * slot + 2] === c) break;
      slot = (slot + 1) & (slots - 1);
    }
    return 3 * slot;
  };
  const put = (at: number, a: number, b: number, c: number): void => {
    table[at] = a;
    table[at + 1] = b;
    table[at + 2] = c;
  };
  const grow = (): void => {
    const old = table;
    slots *= 2;
    table = new Uint32Array(3 * slots);
    for (let at = 0; at < old.length; at += 3) {
      const [a, b, c] = [old[at] as number, old[at + 1] as number, old[at + 2] as number];
      if (a !== 0) put(find(a, b, c), a, b, c);
    }
  };

  return {
    get size() {
      return size;
    },
    add(a, b, c) {
      const at = find(a, b, c);
      if (table[at] !== 0) return false;
      put(at, a, b, c);
      size += 1;
      if (size > 0.6 * slots) grow();
      return true;
    },
  };
}

/** Multiplications of MurmurHash3's finalizer: numbers that are next to each other end far apart. */
function mix(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
