/**
 * @module Access Control Services (PCIe 6.0, 7.7.11): which requests a port or function keeps from its peers.
 */
import type { Fact } from '../facts/fact.ts';
import type { AcsCapability } from '../facts/pci-function.ts';
import type { CapabilityKind } from './capability-list.ts';
import type { ConfigReader } from './config-reader.ts';

export const ACS: CapabilityKind = { id: 0x0d, name: 'ACS', size: 8 };

/** Source Validation: a request must carry an id from below the port. */
export const ACS_SV = 0x01;
/** Translation Blocking: requests marked as translated are refused. */
export const ACS_TB = 0x02;
/** P2P Request Redirect: requests to a peer go up to the root first. */
export const ACS_RR = 0x04;
/** P2P Completion Redirect: the same for completions. */
export const ACS_CR = 0x08;
/** Upstream Forwarding: what comes up and would be turned around goes on up. */
export const ACS_UF = 0x10;
/** P2P Egress Control: a table says which peers may be reached. */
export const ACS_EC = 0x20;
/** Direct Translated P2P: translated requests may go to a peer directly. */
export const ACS_DT = 0x40;

/** What Linux asks of a function before it calls it isolated. */
export const ACS_REQUIRED: number = ACS_SV | ACS_RR | ACS_CR | ACS_UF;

const BIT_NAMES: readonly (readonly [number, string])[] = [
  [ACS_SV, 'SV'],
  [ACS_TB, 'TB'],
  [ACS_RR, 'RR'],
  [ACS_CR, 'CR'],
  [ACS_UF, 'UF'],
  [ACS_EC, 'EC'],
  [ACS_DT, 'DT'],
];

/** `['SV', 'RR']`: the bits of a mask by the names that specification, lspci and kernel share, lowest bit first. */
export function acsBitNames(mask: number): readonly string[] {
  let names = namesOf.get(mask);
  if (names === undefined) {
    names = Object.freeze(BIT_NAMES.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name));
    namesOf.set(mask, names);
  }
  return names;
}

/** Few masks come up, and a large machine asks for them a million times. */
const namesOf = new Map<number, readonly string[]>();

/** Words where the specification puts them, and dwords where Intel's Sunrise Point root ports put theirs. */
export function decodeAcs(config: ConfigReader, at: number): Fact<AcsCapability> {
  return Object.freeze({
    offset: at,
    capability: config.u16(at + 4),
    control: config.u16(at + 6),
    capabilityDword: config.u32(at + 4),
    controlDword: config.u32(at + 8),
  });
}
