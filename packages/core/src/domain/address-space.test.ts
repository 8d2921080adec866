import { describe, expect, it, vi } from 'vitest';
import { fakeIommu } from '../testing/fake-iommu.ts';
import { thrownBy } from '../testing/thrown-by.ts';
import { createAddressSpace, type OwnedAddressSpace } from './address-space.ts';
import type { IommuOps } from './iommu-ops.ts';
import type { Protection } from './protection.ts';

const K4 = 4096;
const M2 = 2 ** 21;
const G1 = 2 ** 30;

const space = (fields: Partial<IommuOps> = {}): OwnedAddressSpace => createAddressSpace(fakeIommu(fields));

const pageSizes = (s: OwnedAddressSpace, ...iovas: number[]) => iovas.map((iova) => s.resolve(iova)?.pageSize);

describe('map', () => {
  it('takes the largest pages that fit', () => {
    const s = space();
    s.map(M2 - K4, G1 + M2 - K4, G1 * 2 + 2 * K4, 'rw');
    expect(pageSizes(s, M2 - K4, M2, G1 - K4, G1, 2 * G1, 2 * G1 + M2)).toEqual([K4, M2, M2, G1, M2, K4]);
    expect(s.resolve(G1 + 5)).toEqual({ address: 2 * G1 + 5, protection: 'rw', pageSize: G1 });
    expect(s.resolve(2 * G1 + M2 + K4)).toBeUndefined();
    expect(s.usage.mapped).toBe(2 * G1 + 2 * K4);
  });

  it('takes smaller ones where the memory is aligned less than the IOVA', () => {
    const s = space();
    s.map(0, K4, 2 * M2, 'r');
    expect(pageSizes(s, 0, M2)).toEqual([K4, K4]);
    expect([...s.mappings()]).toEqual([{ iova: 0, address: K4, length: 2 * M2, protection: 'r' }]);
  });

  it('takes only sizes that the IOMMU has', () => {
    const s = space({ pageSizes: [K4, G1] });
    s.map(0, 0, G1 + M2, 'r');
    expect(pageSizes(s, 0, G1)).toEqual([G1, K4]);
    const coarse = space({ pageSizes: [M2] });
    expect(thrownBy(() => coarse.map(0, 0, K4, 'r'))).toMatchObject({ errno: 'EINVAL' });
    coarse.map(0, 0, G1, 'r');
    expect(pageSizes(coarse, 0)).toEqual([M2]);
  });

  it.each<[string, number, number, number]>([
    ['IOVA not aligned', 1, 0, K4],
    ['memory not aligned', 0, 1, K4],
    ['length not aligned', 0, 0, 1],
    ['length zero', 0, 0, 0],
    ['length negative', 0, 0, -K4],
    ['IOVA negative', -K4, 0, K4],
    ['memory negative', 0, -K4, K4],
    ['no number', Number.NaN, 0, K4],
    ['no length', 0, 0, Number.POSITIVE_INFINITY],
    ['a fraction', 0, 0.5, K4],
    ['the interrupt window', 0xfee0_0000, 0, K4],
    ['into the interrupt window', 0xfedf_f000, 0, 2 * K4],
    ['over the interrupt window', 0, 0, 4 * G1],
  ])('EINVAL: %s', (_, iova, address, length) => {
    const s = space();
    expect(thrownBy(() => s.map(iova, address, length, 'rw')).errno).toBe('EINVAL');
    expect(s.usage.mapped).toBe(0);
  });

  it('EINVAL: no protection', () => {
    for (const wrong of ['', 'rr', 'read', undefined]) {
      expect(thrownBy(() => space().map(0, 0, K4, wrong as Protection)).errno).toBe('EINVAL');
    }
  });

  it.each<[string, number, number, number, number]>([
    ['48 bits', 48, 2 ** 48, 0, K4],
    ['across 48 bits', 48, 2 ** 48 - K4, 0, 2 * K4],
    ['39 bits', 39, 2 ** 39, 0, K4],
    ['13 bits', 13, 2 ** 13, 0, K4],
    ['2^53, though the IOMMU has 57 bits', 57, 2 ** 53, 0, K4],
    ['memory beyond 2^53', 48, 0, 2 ** 53, K4],
  ])('ERANGE: %s', (_, addressBits, iova, address, length) => {
    expect(thrownBy(() => space({ addressBits }).map(iova, address, length, 'rw')).errno).toBe('ERANGE');
  });

  it('reaches the last page of every width', () => {
    for (const addressBits of [13, 30, 31, 39, 40, 48, 49, 53, 57, 64]) {
      const s = space({ addressBits });
      const iova = Math.min(2 ** addressBits, 2 ** 53) - K4;
      s.map(iova, 2 ** 53 - K4, K4, 'x');
      expect(s.resolve(iova + 4095)).toEqual({ address: 2 ** 53 - 1, protection: 'x', pageSize: K4 });
      expect([...s.mappings()]).toHaveLength(1);
    }
  });

  it('has no page that a page of the same place elsewhere could be taken for', () => {
    const s = space({ addressBits: 57 });
    for (const power of [12, 21, 30, 39, 48, 52]) s.map(2 ** power, 2 ** power, K4, 'r');
    for (const power of [12, 21, 30, 39, 48, 52]) expect(s.resolve(2 ** power)?.address).toBe(2 ** power);
    expect(s.resolve(0)).toBeUndefined();
    expect([...s.mappings()]).toHaveLength(6);
  });

  it('leads to memory on either side of 2 TiB, where a frame number outgrows a word', () => {
    const s = space();
    const border = 2 ** 41;
    s.map(0, K4, K4, 'r');
    s.map(M2, border - M2, 2 * M2, 'rw');
    s.map(G1, 2 ** 52 + G1, G1, 'x');
    s.unmap(G1 + M2, M2);
    expect([...s.mappings()]).toEqual([
      { iova: 0, address: K4, length: K4, protection: 'r' },
      { iova: M2, address: border - M2, length: 2 * M2, protection: 'rw' },
      { iova: G1, address: 2 ** 52 + G1, length: M2, protection: 'x' },
      { iova: G1 + 2 * M2, address: 2 ** 52 + G1 + 2 * M2, length: G1 - 2 * M2, protection: 'x' },
    ]);
    s.unmap(M2, 2 * M2);
    s.map(M2, K4, K4, 'w');
    expect(s.resolve(M2)?.address).toBe(K4);
  });

  it.each<[string, number, number]>([
    ['another node', M2 - 2 * K4, 0],
    ['addresses above 2 TiB', 0, 2 ** 41 - 2 * K4],
  ])('maps nothing when half way there is no memory for %s', (_, iova, address) => {
    const s = space();
    s.map(0, 0, K4, 'r');
    s.unmap(0, K4);
    const { table } = s.usage;
    vi.stubGlobal('Uint16Array', function noMemory() {
      throw new RangeError('Array buffer allocation failed');
    });
    try {
      expect(thrownBy(() => s.map(iova, address, 4 * K4, 'r'))).toMatchObject({
        errno: 'ENOMEM',
        cause: new RangeError('Array buffer allocation failed'),
      });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(s.usage).toEqual({ mapped: 0, nodes: 1, table });
    s.map(iova, address, 4 * K4, 'r');
    expect([...s.mappings()]).toEqual([{ iova, address, length: 4 * K4, protection: 'r' }]);
  });

  it.each<[string, number[], number, number]>([
    ['4 KiB before and after 1 GiB', [K4, M2, G1], G1 - K4, G1 + 2 * K4],
    ['4 KiB before and after 1 GiB, without pages of 2 MiB', [K4, G1], G1 - K4, G1 + 2 * K4],
    ['4 KiB after 2 MiB', [K4, M2], 0, M2 + K4],
    ['2 MiB after 1 GiB', [M2, G1], 0, G1 + M2],
    ['4 KiB around two borders, with nothing between', [K4, M2, G1], G1 - K4, 2 * K4],
  ])('asks for memory once, for the ends too, and for no node too many: %s', (_, pageSizes, iova, length) => {
    const s = space({ pageSizes });
    const { Uint32Array: real } = globalThis;
    let asked = 0;
    vi.stubGlobal('Uint32Array', function once(length: number) {
      if (++asked > 1) throw new RangeError('Array buffer allocation failed');
      return new real(length);
    });
    try {
      s.map(iova, iova, length, 'r');
    } finally {
      vi.unstubAllGlobals();
    }
    expect([...s.mappings()]).toEqual([{ iova, address: iova, length, protection: 'r' }]);
    expect(s.usage.table).toBe(s.usage.nodes * (2048 + 2));
  });

  it('ENOMEM: more nodes than there may be', () => {
    const s = space({ pageSizes: [K4], addressBits: 53, reserved: [] });
    const error = thrownBy(() => s.map(0, 0, 2 ** 42 + 2 ** 30, 'r'));
    expect(error.message).toBe(
      'ENOMEM: the page table would need room for 2101772 nodes, and a page table has at most 2097152 nodes: map less, or with larger pages',
    );
    expect([s.usage.mapped, s.usage.nodes]).toEqual([0, 1]);
  });

  it('EEXIST: tells the mapping in the way, and maps nothing of the rest', () => {
    const s = space();
    s.map(0x5000, 0x1_0000, 2 * K4, 'r');
    const error = thrownBy(() => s.map(0x1000, 0, 8 * K4, 'rw'));
    expect(error.message).toBe(
      'EEXIST: 0x1000 and 0x8000 bytes overlap the mapping of 0x5000 and 0x2000 bytes to 0x10000: unmap that first, or map elsewhere',
    );
    expect(error.operands.inTheWay).toEqual({ iova: 0x5000, address: 0x1_0000, length: 2 * K4, protection: 'r' });
    expect(s.usage.mapped).toBe(2 * K4);
  });

  it('EEXIST: a small page below a large one, and the other way round', () => {
    const s = space();
    s.map(K4, 0, K4, 'r');
    expect(thrownBy(() => s.map(0, 0, M2, 'r')).errno).toBe('EEXIST');
    expect(thrownBy(() => s.map(0, 0, G1, 'r')).errno).toBe('EEXIST');
    s.map(G1, 0, G1, 'r');
    expect(thrownBy(() => s.map(G1 + K4, 0, K4, 'r')).errno).toBe('EEXIST');
    expect(thrownBy(() => s.map(G1 + M2, 0, M2, 'r')).errno).toBe('EEXIST');
    expect(thrownBy(() => s.map(G1, 0, G1, 'r')).errno).toBe('EEXIST');
  });
});

describe('unmap', () => {
  it('takes the second half of a large page and what follows, though the range is as long as that page', () => {
    const s = space();
    s.map(0, 0, 2 * M2, 'r');
    expect(s.unmap(M2 / 2, M2)).toBe(M2);
    expect([...s.mappings()]).toEqual([
      { iova: 0, address: 0, length: M2 / 2, protection: 'r' },
      { iova: 1.5 * M2, address: 1.5 * M2, length: M2 / 2, protection: 'r' },
    ]);
  });

  it('ENOMEM: a page cannot be split, and stays', () => {
    const s = space();
    s.map(0, G1, G1, 'r');
    vi.stubGlobal('Uint16Array', function noMemory() {
      throw new RangeError('Array buffer allocation failed');
    });
    try {
      expect(thrownBy(() => s.unmap(0, K4)).errno).toBe('ENOMEM');
    } finally {
      vi.unstubAllGlobals();
    }
    expect([...s.mappings()]).toEqual([{ iova: 0, address: G1, length: G1, protection: 'r' }]);
  });

  it('splits a large page whose part is unmapped', () => {
    const s = space();
    s.map(0, G1, G1, 'rx');
    expect(s.unmap(M2 + K4, K4)).toBe(K4);
    expect(pageSizes(s, 0, M2, M2 + K4, M2 + 2 * K4, 2 * M2)).toEqual([M2, K4, undefined, K4, M2]);
    expect(s.resolve(M2 + 2 * K4 + 7)).toEqual({ address: G1 + M2 + 2 * K4 + 7, protection: 'rx', pageSize: K4 });
    expect([...s.mappings()]).toEqual([
      { iova: 0, address: G1, length: M2 + K4, protection: 'rx' },
      { iova: M2 + 2 * K4, address: G1 + M2 + 2 * K4, length: G1 - M2 - 2 * K4, protection: 'rx' },
    ]);
  });

  it('splits to the next size that the IOMMU has', () => {
    const s = space({ pageSizes: [K4, G1] });
    s.map(0, 0, G1, 'r');
    expect(s.unmap(0, K4)).toBe(K4);
    expect(pageSizes(s, 0, K4, M2, G1 - 1)).toEqual([undefined, K4, K4, K4]);
  });

  it('passes over holes and answers what was mapped', () => {
    const s = space();
    expect(s.unmap(0, 16 * G1)).toBe(0);
    s.map(K4, 0, K4, 'r');
    s.map(G1, 0, G1, 'r');
    expect(s.unmap(0, 4 * G1)).toBe(G1 + K4);
    expect(s.usage.mapped).toBe(0);
  });

  it('refuses what is not aligned or too far, and leaves everything mapped', () => {
    const s = space();
    s.map(0, 0, M2, 'r');
    expect(thrownBy(() => s.unmap(1, K4)).errno).toBe('EINVAL');
    expect(thrownBy(() => s.unmap(0, 0)).errno).toBe('EINVAL');
    expect(thrownBy(() => s.unmap(0, 2 ** 48 + K4)).errno).toBe('ERANGE');
    expect(s.usage.mapped).toBe(M2);
  });
});

describe('resolve', () => {
  it('finds the byte in a page of any size', () => {
    const s = space();
    s.map(G1, 5 * G1, G1 + M2 + K4, 'r');
    for (const offset of [0, 1, K4 + 1, M2 + 1, G1 / 2 + 3 * M2 + 5, G1 - 1, G1 + K4, G1 + M2 + 1]) {
      expect(s.resolve(G1 + offset)?.address).toBe(5 * G1 + offset);
    }
  });

  it('answers undefined for what is no address', () => {
    const s = space();
    s.map(0, 0, K4, 'r');
    for (const iova of [-1, Number.NaN, 2 ** 48, 2 ** 60, Number.POSITIVE_INFINITY]) {
      expect(s.resolve(iova)).toBeUndefined();
    }
  });
});

describe('memory', () => {
  /** Bytes that the table holds for each byte that hardware would need, with nodes of 4 KiB. */
  const perHardwareByte = (pageSizes: number[], address: number, length: number, step: number): number => {
    const s = space({ pageSizes });
    for (let done = 0; done < length; done += step) s.map(4 * G1 + done, address + done, step, 'rw');
    return s.usage.table / (s.usage.nodes * 4096);
  };

  it('is half of what a page table of hardware takes, and a quarter of itself while it grows', () => {
    for (const pageSizes of [[K4], [M2], [K4, M2], [K4, G1], [K4, M2, G1]]) {
      expect(perHardwareByte(pageSizes, 0, 4 * G1, 4 * G1)).toBeLessThan(0.51);
      expect(perHardwareByte(pageSizes, 0, 4 * G1 - M2, 4 * G1 - M2)).toBeLessThan(0.51);
    }
    expect(perHardwareByte([K4], 0, G1, K4)).toBeLessThan(0.65);
    expect(perHardwareByte([M2], 0, 64 * G1, M2)).toBeLessThan(0.65);
  });

  it('is three quarters of that once a page leads to memory above 2 TiB', () => {
    expect(perHardwareByte([K4], 2 ** 41 - K4, 4 * G1, 4 * G1)).toBeLessThan(0.76);
    expect(perHardwareByte([K4], 2 ** 41 - G1, G1, G1)).toBeLessThan(0.51);
  });

  it('of an empty table is a root, and of one with a page the way to it', () => {
    const s = space();
    expect(s.usage.table).toBe(2048 + 2);
    s.map(0, 0, K4, 'r');
    expect(s.usage.table).toBe(4 * (2048 + 2));
  });

  it('goes with the last page of a large table, and stays while there is one, or with a small table', () => {
    const s = space({ pageSizes: [K4] });
    s.map(0, 2 ** 41, 2 * G1, 'r');
    const { table } = s.usage;
    s.unmap(0, 2 * G1 - K4);
    expect(s.usage.table).toBe(table);
    s.unmap(2 * G1 - K4, K4);
    expect(s.usage).toEqual({ mapped: 0, nodes: 1, table: 2048 + 2 });
    s.map(0, 0, M2, 'r');
    s.unmap(0, M2);
    expect(s.usage).toEqual({ mapped: 0, nodes: 1, table: 4 * (2048 + 2) });
  });

  it('is reused', () => {
    const s = space();
    s.map(0, K4, 64 * M2, 'r');
    const { table } = s.usage;
    for (let round = 1; round < 20; round++) {
      s.unmap((round - 1) * G1, 64 * M2);
      s.map(round * G1, K4, 64 * M2 - (round === 3 ? K4 : 0), 'r');
      if (round === 3) s.map(3 * G1 + 64 * M2 - K4, 0, K4, 'r');
    }
    expect(s.usage.table).toBe(table);
  });
});
