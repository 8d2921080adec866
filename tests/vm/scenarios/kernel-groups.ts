/**
 * @module The rules agree with the kernel of the guest, live.
 */
import assert from 'node:assert/strict';
import type { Scenario } from '../harness/scenario.ts';
import { AMD_MACHINE, INTEL_MACHINE } from '../machines.ts';

export const KERNEL_GROUPS: readonly Scenario[] = [INTEL_MACHINE, AMD_MACHINE].map((machine) => ({
  name: 'verify agrees with the kernel',
  machine,
  async run(guest) {
    const { code, stdout, stderr } = await guest.run('isogroups verify');
    assert.equal(code, 0, stdout + stderr);
    return [];
  },
}));
