import { describe, expect, test } from 'vitest';
import { isAddress, joinLink, placeOf } from './device-path.ts';

describe('what is above a device', () => {
  test.each([
    ['sys/devices/pci0000:00/0000:00:1c.0', null, null],
    ['sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0', '0000:00:1c.0', null],
    ['sys/devices/platform/4010000000.pcie/pci0000:00/0000:00:01.0', null, null],
    ['sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0', null, '0000:00:0e.0'],
    ['sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0', '10000:e0:06.0', '0000:00:0e.0'],
    // A segment of the hardware's own behind a function is no VMD.
    ['sys/devices/pci0000:00/0000:00:01.0/pci0001:00/0001:00:00.0', null, null],
    ['sys/devices/LNXSYSTM:00/VMBUS:00/6f2c/pci6f2c:00/6f2c:00:00.0', null, null],
    ['sys/devices/pci0000:00/0000:00:15.0/i2c_designware.0/i2c-3', '0000:00:15.0', null],
    ['sys/devices/platform/idma64.0', null, null],
    ['x', null, null],
  ])('%s', (path, parentAddress, dmaDeviceAddress) => {
    expect(placeOf(path)).toEqual({ parentAddress, dmaDeviceAddress });
  });
});

test('links are joined to the directory that they are in', () => {
  expect(joinLink('sys/bus/pci/devices', '../../../devices/pci0000:00/x')).toBe('sys/devices/pci0000:00/x');
  expect(joinLink('sys/bus', '/sys/devices/x')).toBe('sys/devices/x');
  expect(joinLink('sys/bus', './x//y')).toBe('sys/bus/x/y');
  expect(joinLink('sys/bus', '../../../etc')).toBeUndefined();
});

test('addresses are full ones, as sysfs writes them', () => {
  expect(isAddress('0000:00:1f.7')).toBe(true);
  expect(isAddress('10000:e0:06.0')).toBe(true);
  for (const other of ['00:1f.7', '0000:00:20.0', '0000:00:1f.8', 'idma64.0', '0000:00:1F.0 ']) {
    expect(isAddress(other), other).toBe(false);
  }
});
