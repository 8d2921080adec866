import { expect, test } from 'vitest';
import {
  acsCapability,
  buildConfigSpace,
  expressCapability,
  msiCapability,
  serialNumberCapability,
} from '../../../../pci/src/encode/config-space.ts';
import { redactConfigSpace } from './redact-config-space.ts';

const vitalProductData = { id: 3, bytes: Uint8Array.of(0, 0, 0x10, 0x80, 1, 2, 3, 4) };

test('the serial number and the last word of product data become zeros; nothing else changes', () => {
  const common = { classCode: 0x020000, capabilities: [expressCapability({ type: 0 })] };
  const config = buildConfigSpace({
    ...common,
    capabilities: [msiCapability(true), vitalProductData],
    extended: [acsCapability(0x1f, 0x1d), serialNumberCapability(0x12345678, 0x9abcdef0)],
  });
  const redacted = redactConfigSpace(config);
  const changed = [...config.keys()].filter((i) => config[i] !== redacted[i]);
  const [vpd, serial] = [0x50, 0x10c];
  expect(changed).toEqual([vpd + 4, vpd + 5, vpd + 6, vpd + 7, ...Array.from({ length: 8 }, (_, i) => serial + 4 + i)]);
  expect([...redacted.subarray(serial + 4, serial + 12)]).toEqual(new Array(8).fill(0));
});

test('what was given is not changed', () => {
  const config = buildConfigSpace({ extended: [serialNumberCapability(1, 2)] });
  const before = config.slice();
  redactConfigSpace(config);
  expect(config).toEqual(before);
});

test('any length and any content: no throw, no hang, the same length', () => {
  const loop = new Uint8Array(4096).fill(0x40);
  for (const config of [
    loop,
    new Uint8Array(4096).fill(0xff),
    new Uint8Array(),
    new Uint8Array(63),
    loop.slice(0, 257),
  ]) {
    expect(redactConfigSpace(config)).toHaveLength(config.length);
  }
});
