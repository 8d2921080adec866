/**
 * @module The PCI Express capability (PCIe 6.0, 7.5.3).
 */
import { type Fact, isUnknown } from '../facts/fact.ts';
import type { ExpressCapability } from '../facts/pci-function.ts';
import type { CapabilityKind } from './capability-list.ts';
import { bitOf, type ConfigReader } from './config-reader.ts';

/** Version 1 ends at 0x14; the registers of version 2 that are read here are beyond that. */
export const EXPRESS: CapabilityKind = { id: 0x10, name: 'PCI Express', size: 0x08 };

const FLAGS = 0x02;
const DEVICE_CAPABILITIES = 0x04;
const FLR = 1 << 28;
const DEVICE_CONTROL_2 = 0x28;
const ARI_FORWARDING = 0x20;

export function decodeExpress(config: ConfigReader, at: number): Fact<ExpressCapability> {
  const flags = config.u16(at + FLAGS);
  if (isUnknown(flags)) return flags;
  const version = flags & 0xf;
  return Object.freeze({
    offset: at,
    type: (flags >> 4) & 0xf,
    flr: bitOf(config.u32(at + DEVICE_CAPABILITIES), FLR),
    // Version 1 has no second set of registers.
    ariForwarding: version < 2 ? false : bitOf(config.u16(at + DEVICE_CONTROL_2), ARI_FORWARDING),
  });
}
