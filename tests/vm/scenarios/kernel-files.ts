/**
 * @module The kernel answers as the fake one does that all other tests of handing over rely on.
 */
import assert from 'node:assert/strict';
import type { Scenario } from '../harness/scenario.ts';
import { SMALL_MACHINE } from '../machines.ts';

export const KERNEL_FILES: readonly Scenario[] = [
  {
    name: 'the kernel answers as the fake one does',
    machine: SMALL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const { code, stdout, stderr } = await guest.run('node /kernel-files.mjs 0000:01:00.0 e1000e vfio-pci');
      assert.equal(code, 0, stdout + stderr);
      await guest.sh('settles /tmp/home');
      return [`${stdout.match(/^ok/gm)?.length ?? 0} cases`];
    },
  },
];
