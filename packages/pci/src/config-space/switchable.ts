/**
 * @module Capabilities of which only the enable bit matters here: MSI, MSI-X, ATS, PRI, PASID.
 */
import type { Fact } from '../facts/fact.ts';
import type { SwitchableCapability } from '../facts/pci-function.ts';
import type { CapabilityKind } from './capability-list.ts';
import { bitOf, type ConfigReader } from './config-reader.ts';

/** Where the enable bit of a capability is. */
export interface SwitchableKind extends CapabilityKind {
  /** Offset of its 16-bit control register. */
  readonly control: number;
  readonly enable: number;
}

/** PCI 3.0, 6.8.1 and 6.8.2. */
export const MSI: SwitchableKind = { id: 0x05, name: 'MSI', size: 4, control: 2, enable: 0x0001 };
export const MSI_X: SwitchableKind = { id: 0x11, name: 'MSI-X', size: 4, control: 2, enable: 0x8000 };
/** PCIe 6.0, 10.5.1 (Address Translation), 10.5.2 (Page Request) and 7.8.9 (Process Address Space ID). */
export const ATS: SwitchableKind = { id: 0x0f, name: 'ATS', size: 8, control: 6, enable: 0x8000 };
export const PRI: SwitchableKind = { id: 0x13, name: 'PRI', size: 8, control: 4, enable: 0x0001 };
export const PASID: SwitchableKind = { id: 0x1b, name: 'PASID', size: 8, control: 6, enable: 0x0001 };

export function decodeSwitchable(config: ConfigReader, kind: SwitchableKind, at: number): Fact<SwitchableCapability> {
  return Object.freeze({ offset: at, enabled: bitOf(config.u16(at + kind.control), kind.enable) });
}
