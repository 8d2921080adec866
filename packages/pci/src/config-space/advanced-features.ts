/**
 * @module Advanced Features (PCI ECN of 2006): function level reset for conventional functions.
 */
import { type Fact, isUnknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { CapabilityKind } from './capability-list.ts';
import type { ConfigReader } from './config-reader.ts';

export const ADVANCED_FEATURES: CapabilityKind = { id: 0x13, name: 'Advanced Features', size: 4 };

const CAPABILITIES = 0x03;
/** Transactions Pending and Function Level Reset: Linux wants both before it resets that way (pci_af_flr). */
const TP_AND_FLR = 0x03;

type AdvancedFeatures = Exclude<PciFunction['advancedFeatures'], { kind: 'unknown' } | null>;

export function decodeAdvancedFeatures(config: ConfigReader, at: number): Fact<AdvancedFeatures> {
  const offers = config.u8(at + CAPABILITIES);
  return isUnknown(offers) ? offers : Object.freeze({ offset: at, flr: (offers & TP_AND_FLR) === TP_AND_FLR });
}
