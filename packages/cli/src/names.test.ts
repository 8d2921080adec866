import { unknown } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { endpoint, machineOf } from '../../pci/src/testing/build-machine.ts';
import { className, deviceName, idPair, type Names, NO_NAMES, shortVendor } from './names.ts';

const names: Names = {
  vendor: (id) => (id === 0x10de ? 'NVIDIA Corporation' : undefined),
  device: (vendor, id) => (vendor === 0x10de && id === 0x2204 ? 'GA102 [GeForce RTX 3090]' : undefined),
  className: (code) => (code >> 8 === 0x0300 ? 'VGA compatible controller' : undefined),
};

const functionOf = (facts: object) => machineOf([endpoint('00:01.0', { facts })]).functions[0]!;

describe('deviceName', () => {
  it('is vendor and device', () => {
    const f = functionOf({ vendor: 0x10de, device: 0x2204, classCode: 0x030000 });
    expect(deviceName(names, f)).toBe('NVIDIA GA102 [GeForce RTX 3090]');
    expect(className(names, f)).toBe('VGA compatible controller');
    expect(idPair(f)).toBe('[10de:2204]');
  });

  it('shows numbers where there is no name', () => {
    const f = functionOf({ vendor: 0x10de, device: 0x1, classCode: 0x123456 });
    expect(deviceName(names, f)).toBe('NVIDIA [10de:0001]');
    expect(deviceName(NO_NAMES, f)).toBe('[10de:0001]');
    expect(className(names, f)).toBe('class 123456');
  });

  it('shortens what lspci called it', () => {
    const lost = unknown('two devices have that name', 'lspci -nn');
    const host = { ...functionOf({}).host, description: 'NVIDIA Corporation Device with a name' };
    expect(deviceName(names, functionOf({ vendor: 0x10de, device: lost, host }))).toBe('NVIDIA Device with a name');
    expect(deviceName(names, functionOf({ vendor: lost, device: lost, host }))).toBe(
      'NVIDIA Corporation Device with a name',
    );
  });

  it('does not make up what was not read', () => {
    const lost = unknown('not in the text', 'lspci -nn');
    const f = functionOf({ vendor: lost, device: lost, classCode: lost });
    expect(deviceName(names, f)).toBe('unknown device');
    expect(idPair(f)).toBe('[????:????]');
    expect(className(names, f)).toBe('unknown class');
  });
});

it.each([
  ['Intel Corporation', 'Intel'],
  ['Advanced Micro Devices, Inc. [AMD/ATI]', 'AMD/ATI'],
  ['Red Hat, Inc.', 'Red Hat'],
  ['Samsung Electronics Co Ltd', 'Samsung Electronics'],
  ['Realtek Semiconductor Co., Ltd.', 'Realtek'],
  ['Sandisk Corp', 'Sandisk'],
  ['PLX Technology, Inc.', 'PLX'],
  ['Broadcom / LSI', 'Broadcom / LSI'],
  ['Corporation', 'Corporation'],
])('shortens %s to %s', (long, short) => {
  expect(shortVendor(long)).toBe(short);
});
