import { describe, expect, it } from 'vitest';
import { KERNEL_PROMISES } from '../kernel-files/kernel-files.contract.ts';
import { createFakeKernel } from './fake-kernel.ts';
import { machineOf } from './scenarios.ts';

describe('the fake kernel keeps the promises of a real one', () => {
  it.each(KERNEL_PROMISES)('$name', async ({ check }) => {
    const start = { ...machineOf(1), drivers: ['igb', 'vfio-pci'] };
    const files = createFakeKernel(start);
    await check({ files, device: '0000:00:05.0', driver: 'igb', vfio: 'vfio-pci' });
    expect(files.state).toEqual(start);
  });
});
