/**
 * @module Power Management (PCI Power Management 1.2, 3.2): whether going through D3hot resets the function.
 */
import { type Fact, isUnknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { CapabilityKind } from './capability-list.ts';
import type { ConfigReader } from './config-reader.ts';

export const POWER_MANAGEMENT: CapabilityKind = { id: 0x01, name: 'Power Management', size: 8 };

const CONTROL_STATUS = 0x04;
const NO_SOFT_RESET = 0x08;

type PowerManagement = Exclude<PciFunction['powerManagement'], { kind: 'unknown' } | null>;

export function decodePowerManagement(config: ConfigReader, at: number): Fact<PowerManagement> {
  const status = config.u16(at + CONTROL_STATUS);
  return isUnknown(status) ? status : Object.freeze({ offset: at, noSoftReset: (status & NO_SOFT_RESET) !== 0 });
}
