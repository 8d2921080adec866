/**
 * @module Which bits of configuration space software can change: the registers that the specification calls RW, of the
 * header and of the capabilities that are decoded. All else keeps what it has. Writes have no side effects and bits
 * that are cleared by writing 1 are read-only, so a write is a copy through this mask.
 */
import { decodeConfigSpace, isUnknown } from '@isogroups/pci';
import type { SimulatedFunction } from '../machine/simulated-device.ts';
import {
  BAR_64,
  BAR_IO,
  FIRST_BAR,
  HIGH,
  isBridge,
  readDword,
  readWord,
  VF_FIRST_BAR,
  writeDword,
  writeWord,
} from './registers.ts';

/** As many bytes as the configuration space has; 1 bits can be written. */
export function writableBits(f: SimulatedFunction): Uint8Array {
  const { config } = f;
  const mask = new Uint8Array(config.length);
  const isVirtual = f.physicalFunction !== undefined;
  // I/O, memory, bus master, parity, SERR, INTx disable (PCI 3.0, 6.2.2); a virtual function has bus master alone.
  writeWord(mask, 0x04, isVirtual ? 0x0004 : 0x0547);
  if (!isVirtual) {
    if (isBridge(config)) bridgeHeader(mask, f);
    else {
      barMasks(mask, config, FIRST_BAR, 6, f.barSizes);
      mask[0x3c] = 0xff;
    }
  }
  capabilityMasks(mask, f);
  return mask;
}

function bridgeHeader(mask: Uint8Array, { config, barSizes }: SimulatedFunction): void {
  barMasks(mask, config, FIRST_BAR, 2, barSizes);
  // Bus numbers; then the windows, whose low four bits tell what they are.
  mask.fill(0xff, 0x18, 0x1b);
  for (const at of [0x20, 0x22, 0x24, 0x26]) writeWord(mask, at, 0xfff0);
  mask.fill(0xff, 0x28, 0x30);
  mask[0x3c] = 0xff;
  // Bridge control: SERR, ISA, VGA, secondary bus reset.
  writeWord(mask, 0x3e, 0x005f);
}

/** Address bits above the size of the range. Registers without a range are hard-wired to zero. */
function barMasks(mask: Uint8Array, config: Uint8Array, first: number, count: number, sizes: readonly number[]): void {
  for (let register = 0; register < count; register++) {
    const size = sizes[register] ?? 0;
    const at = first + 4 * register;
    const type = readDword(config, at);
    if (size === 0 || at + 4 > config.length) continue;
    const low = (type & BAR_IO) !== 0 ? 0xffff_fffc : 0xffff_fff0;
    writeDword(mask, at, (low & ~(Math.min(size, HIGH) - 1)) >>> 0);
    if ((type & BAR_64) !== 0 && (type & BAR_IO) === 0) {
      writeDword(mask, at + 4, (0xffff_ffff & ~(Math.max(1, size / HIGH) - 1)) >>> 0);
    }
  }
}

function capabilityMasks(mask: Uint8Array, { config, name, virtualBarSizes }: SimulatedFunction): void {
  const facts = decodeConfigSpace({ bytes: config, file: name }).facts;
  const at = (
    capability: { readonly offset: number } | null | { readonly kind: 'unknown' },
    then: (at: number) => void,
  ): void => {
    if (capability !== null && !isUnknown(capability)) then((capability as { readonly offset: number }).offset);
  };
  const word = (offset: number, bits: number): void => {
    if (offset + 2 <= mask.length) writeWord(mask, offset, bits);
  };
  // Power state; MSI and MSI-X enables (function mask of MSI-X with it) with address and data.
  at(facts.powerManagement, (pm) => word(pm + 4, 0x0003));
  at(facts.msi, (msi) => {
    word(msi + 2, 0x0071);
    mask.fill(0xff, msi + 4, msi + 14);
  });
  at(facts.msix, (msix) => word(msix + 2, 0xc000));
  // Device, link and device 2 control. ARI Forwarding is in the last.
  at(facts.express, (express) => {
    word(express + 0x08, 0x7fff);
    word(express + 0x10, 0x07fb);
    word(express + 0x28, 0xffff);
  });
  // Bits of services that are implemented.
  at(facts.acs, (acs) => word(acs + 6, readWord(config, acs + 4) & 0x7f));
  at(facts.ats, (ats) => word(ats + 6, 0x801f));
  at(facts.pri, (pri) => word(pri + 4, 0x0001));
  at(facts.pasid, (pasid) => word(pasid + 6, 0x0007));
  at(facts.sriov, (sriov) => {
    word(sriov + 0x08, 0x001f);
    word(sriov + 0x10, 0xffff);
    barMasks(mask, config, sriov + VF_FIRST_BAR, 6, virtualBarSizes);
  });
}
