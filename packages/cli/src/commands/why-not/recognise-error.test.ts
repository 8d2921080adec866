import { describe, expect, it } from 'vitest';
import { ERROR_CAUSES, ERROR_PATTERNS } from './error-patterns.ts';
import { recogniseError } from './recognise-error.ts';

describe('every text of the table', () => {
  it.each(ERROR_PATTERNS.map((p) => [p.example, p] as const))('%s', (example, pattern) => {
    expect(recogniseError(example).pattern).toBe(pattern);
    expect(ERROR_CAUSES[pattern.cause].advice.length).toBeGreaterThan(0);
  });

  it('is recognised as programs break and quote it', () => {
    const broken = 'vfio 0000:01:00.0: group 8 is not\n    viable';
    expect(recogniseError(broken).pattern?.cause).toBe('group-not-viable');
    const quoted =
      'server error. command SyncVMI failed: "LibvirtError(Code=1, Domain=10, Message=\'internal error: qemu unexpectedly ' +
      'closed the monitor: 2021-11-03T08:06:48.563014Z qemu-kvm: -device vfio-pci,host=0000:01:00.0,id=ua-gpu1: vfio ' +
      '0000:01:00.0: group 1 is not viable\\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.\')"';
    expect(recogniseError(quoted)).toMatchObject({
      pattern: { cause: 'group-not-viable' },
      devices: ['0000:01:00.0'],
      groups: [1],
    });
  });
});

describe('the most telling text decides', () => {
  it("the kernel's log before the errno that a program shows", () => {
    const both =
      'failed to setup container for group 14: Failed to set iommu for container: Operation not permitted\n' +
      'vfio-pci 0000:06:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.';
    expect(recogniseError(both).pattern?.cause).toBe('firmware-memory');
  });
});

describe('devices and groups in a text', () => {
  it.each([
    ['host=01:00.0,multifunction=on', ['0000:01:00.0']],
    ['vfio 0000:01:00.0: and 0000:01:00.1', ['0000:01:00.0', '0000:01:00.1']],
    ['node device pci_0000_0a_1f_7 is', ['0000:0a:1f.7']],
    ["<address domain='0x0000' bus='0x41' slot='0x00' function='0x3'/>", ['0000:41:00.3']],
    ['nvme 10000:e1:00.0 failed', ['10000:e1:00.0']],
    ['2021-11-03T08:06:48.563014Z qemu', []],
    ['at 23:59.1 o clock', []],
    ['2024/12/06 09:04:26.4', []],
  ])('%s', (text, devices) => {
    expect(recogniseError(text).devices).toEqual(devices);
  });

  it.each([
    ['group 8 is not viable', [8]],
    ["Could not open '/dev/vfio/14'", [14]],
    ['/sys/kernel/iommu_groups/3/devices and group 3', [3]],
    ['vfio: error opening /dev/vfio/vfio', []],
    ['Message="group=7"', [7]],
  ])('%s', (text, groups) => {
    expect(recogniseError(text).groups).toEqual(groups);
  });
});

describe('other texts', () => {
  it('are not recognised', () => {
    expect(recogniseError('No space left on device').pattern).toBeUndefined();
    expect(recogniseError('')).toEqual({ pattern: undefined, devices: [], groups: [] });
  });

  it('of any length take no time', () => {
    const long = 'vfio-pci /dev/vfio/1 vfio_dma_map( devices on bus with '.repeat(200_000);
    const start = performance.now();
    recogniseError(long);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
