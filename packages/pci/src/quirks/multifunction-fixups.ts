/**
 * @module Controllers that Linux reprograms at start so that their multifunction bit changes. What configuration space
 * shows on a booted machine is the bit after that.
 */
import type { PciFunction } from '../facts/pci-function.ts';

export interface MultifunctionFixup {
  readonly what: string;
  readonly source: string;
}

const JMICRON = 0x197b;
const JMICRON_ATA: ReadonlySet<number> = new Set([
  0x2360, 0x2361, 0x2362, 0x2363, 0x2364, 0x2365, 0x2366, 0x2368, 0x2369,
]);
const NVIDIA = 0x10de;
/** GeForce 320M, the first whose audio function may be hidden. */
const FIRST_WITH_HDA = 0x08a0;
const CLASS_DISPLAY = 0x03;

export const MULTIFUNCTION_FIXUPS: Readonly<Record<'jmicron' | 'nvidia', MultifunctionFixup>> = Object.freeze({
  jmicron: {
    what: 'JMicron JMB36x: AHCI and IDE are split into two functions',
    source: 'drivers/pci/quirks.c:quirk_jmicron_ata',
  },
  nvidia: {
    what: 'NVIDIA graphics: the HD audio function is switched on (bit 25 of dword 0x488)',
    source: 'drivers/pci/quirks.c:quirk_nvidia_hda',
  },
});

/** The fixup that applies to a function, if any; ids or class that are not known match none. */
export function multifunctionFixup(f: PciFunction): MultifunctionFixup | undefined {
  if (typeof f.device !== 'number') return undefined;
  if (f.vendor === JMICRON && JMICRON_ATA.has(f.device)) return MULTIFUNCTION_FIXUPS.jmicron;
  const isDisplay = typeof f.classCode === 'number' && f.classCode >> 16 === CLASS_DISPLAY;
  if (f.vendor === NVIDIA && isDisplay && f.device >= FIRST_WITH_HDA) return MULTIFUNCTION_FIXUPS.nvidia;
  return undefined;
}
