import { expect, test } from 'vitest';
import { buildDeviceTree } from '../../../../pci/src/testing/build-device-tree.ts';
import { redactDeviceTree } from './redact-device-tree.ts';

const tree = (secret: boolean): Uint8Array =>
  buildDeviceTree({
    properties: { compatible: 'linux,dummy', 'serial-number': secret ? 'SECRET12' : '\0\0\0\0\0\0\0\0' },
    children: {
      chosen: {
        properties: {
          bootargs: secret ? 'iommu=pt root=UUID=77' : 'iommu=pt root=*******',
          'rng-seed': secret ? [1, 2, 3] : [0, 0, 0],
        },
      },
      'ethernet@1': { properties: { 'local-mac-address': secret ? [0xa0b1c2d3] : [0], 'phy-mode': 'rgmii' } },
      'pcie@2': { properties: { 'iommu-map': [0, 1, 0, 0x10000] } },
    },
  });

test('serial numbers, addresses and seeds become zeros, the command line is redacted, the rest stays', () => {
  expect(Buffer.from(redactDeviceTree(tree(true))).toString('hex')).toBe(Buffer.from(tree(false)).toString('hex'));
});

test('what is cut or no device tree is left out whole: there is no telling what is in it', () => {
  const whole = tree(true);
  expect(redactDeviceTree(new Uint8Array([1, 2, 3]))).toHaveLength(0);
  expect(redactDeviceTree(new TextEncoder().encode('x'.repeat(100)))).toHaveLength(0);
  const structure = 40 + 16;
  for (let length = 0; length < structure + 200; length += 4) {
    const text = Buffer.from(redactDeviceTree(whole.slice(0, length))).toString('latin1');
    expect(text, `cut at ${length}`).not.toContain('SECRET12');
  }
});

test('any change of a byte: no throw, no hang', () => {
  const whole = tree(true);
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0, 0xff, 0x80]) {
      const changed = whole.slice();
      changed[at] = value;
      redactDeviceTree(changed);
    }
  }
});
