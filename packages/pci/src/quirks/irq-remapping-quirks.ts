/**
 * @module Intel chipsets whose interrupt remapping is broken, so that Linux leaves it off.
 */
import { type Fact, isUnknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';

const INTEL = 0x8086;
const CLASS_HOST_BRIDGE = 0x0600;

/** Host bridges 5500/5520/X58 up to the given revision, and one more (arch/x86/kernel/early-quirks.c). */
const BROKEN_REMAPPING: Readonly<{
  devices: readonly number[];
  upToRevision: number;
  alsoDevice: number;
  alsoRevision: number;
  source: string;
}> = Object.freeze({
  devices: Object.freeze([0x3403, 0x3405, 0x3406]),
  upToRevision: 0x13,
  alsoDevice: 0x3405,
  alsoRevision: 0x22,
  source: 'arch/x86/kernel/early-quirks.c:intel_remapping_check',
});

/** Whether Linux declares interrupt remapping broken on the machine; unknown where a revision decides and was not read. */
export function hasBrokenInterruptRemapping(machine: Machine): Fact<boolean> {
  let undecided: Fact<boolean> = false;
  for (const f of machine.functions) {
    if (f.vendor !== INTEL || typeof f.device !== 'number' || !BROKEN_REMAPPING.devices.includes(f.device)) continue;
    if (!isUnknown(f.classCode) && f.classCode >> 8 !== CLASS_HOST_BRIDGE) continue;
    if (isUnknown(f.revision)) undecided = f.revision;
    else if (f.revision <= BROKEN_REMAPPING.upToRevision) return true;
    else if (f.device === BROKEN_REMAPPING.alsoDevice && f.revision === BROKEN_REMAPPING.alsoRevision) return true;
  }
  return undecided;
}
