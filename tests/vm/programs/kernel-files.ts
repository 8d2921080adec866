/**
 * @module In the guest: holds the kernel itself to what the fake one is held to. `node /kernel-files.mjs <device>
 * <driver> <vfio>` prints a line a case.
 */
import { KERNEL_PROMISES } from '../../../packages/host/src/kernel-files/kernel-files.contract.ts';
import { createLiveKernelFiles } from '../../../packages/host/src/kernel-files/live-kernel-files.ts';

async function main([device = '', driver = '', vfio = '']: readonly string[]): Promise<void> {
  const files = createLiveKernelFiles();
  for (const { name, check } of KERNEL_PROMISES) {
    try {
      await check({ files, device, driver, vfio });
      console.log(`ok: ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`not ok: ${name}: ${(error as Error).message}`);
    }
  }
  files.close();
}

void main(process.argv.slice(2));
