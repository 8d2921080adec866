import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzip, unpackedLimit } from './gunzip.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256));

test('unpacks what is sound', async () => {
  const { bytes, diagnostics } = await gunzip(gzipSync(content), 'box.tgz');
  expect(Buffer.compare(bytes, content)).toBe(0);
  expect(diagnostics).toEqual([]);
});

test('keeps the beginning of a file that is cut, and says where', async () => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff));
  const packed = gzipSync(noise);
  const { bytes, diagnostics } = await gunzip(packed.subarray(0, packed.length >> 1), 'box.tgz');
  expect(bytes.length).toBeGreaterThan(1000);
  expect(Buffer.compare(bytes, noise.subarray(0, bytes.length))).toBe(0);
  expect(diagnostics).toMatchObject([{ severity: 'error', file: 'box.tgz', offset: expect.any(Number) }]);
});

test('a wrong checksum is told; the content is used', async () => {
  const packed = gzipSync(content);
  packed[packed.length - 6]! ^= 0xff;
  const { bytes, diagnostics } = await gunzip(packed, 'box.tgz');
  expect(bytes.length).toBeGreaterThan(content.length - 1024);
  expect(Buffer.compare(bytes, content.subarray(0, bytes.length))).toBe(0);
  expect(diagnostics).toHaveLength(1);
});

test('a bomb is unpacked to the limit and no further', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const { bytes, diagnostics } = await gunzip(bomb, 'bomb.tgz', 1_000_000);
  expect(bytes.length).toBeLessThanOrEqual(1_000_000);
  expect(diagnostics).toMatchObject([{ severity: 'error', message: expect.stringContaining('1000000') }]);
});

test('the limit: enough for any snapshot, not for a bomb', () => {
  expect(unpackedLimit(61_506)).toBeGreaterThan(2_283_520);
  expect(unpackedLimit(10_000_000_000)).toBe(512 * 1024 * 1024);
});

test('what only begins as gzip gives nothing but a diagnostic', async () => {
  const { bytes, diagnostics } = await gunzip(Uint8Array.of(0x1f, 0x8b, 1, 2, 3), 'x');
  expect(bytes).toHaveLength(0);
  expect(diagnostics).toHaveLength(1);
});
