import { describe, expect, it } from 'vitest';
import { thrownBy } from '../testing/thrown-by.ts';
import { allocateNode, createNodePool, emptyPool, reserveNodes, returnNode } from './node-pool.ts';

describe('reserveNodes', () => {
  it('grows by a quarter, but to no more than there may be, and refuses only what there is no room for', () => {
    const pool = createNodePool(17);
    const room: number[] = [];
    for (let live = 0; live < 17; live++) {
      reserveNodes(pool, 1);
      allocateNode(pool);
      room.push(pool.used.length);
    }
    expect(room).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 10, 12, 12, 15, 15, 15, 17, 17]);
    expect(thrownBy(() => reserveNodes(pool, 1))).toMatchObject({ errno: 'ENOMEM', operands: { nodes: 18 } });
    returnNode(pool, 16);
    reserveNodes(pool, 1);
    expect(allocateNode(pool)).toBe(16);
    emptyPool(pool);
    expect(thrownBy(() => reserveNodes(pool, 18)).errno).toBe('ENOMEM');
  });
});
