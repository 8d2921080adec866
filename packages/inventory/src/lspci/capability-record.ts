/**
 * @module A `Capabilities:` line with what stands below it: place, kind, and the text of its registers.
 *
 *     Capabilities: [40] Express (v2) Root Port (Slot+), MSI 00      a capability
 *     Capabilities: [140 v1] Access Control Services                 an extended one: three digits; version with -vv
 *     Capabilities: [1b0 v1] #1b                                     one that this lspci had no name for
 *     Capabilities: <access denied>                                  this and all that follow could not be read
 */
import type { TextRecord } from './device-block.ts';

export type CapabilityName =
  | 'express'
  | 'acs'
  | 'ats'
  | 'pasid'
  | 'pri'
  | 'sriov'
  | 'msi'
  | 'msix'
  | 'advancedFeatures'
  | 'powerManagement'
  | 'serialNumber';

export interface CapabilityRecord {
  readonly offset: number;
  readonly extended: boolean;
  /** `undefined`: one that is of no concern here. */
  readonly name: CapabilityName | undefined;
  /** All of the text behind the offset, without white space. */
  readonly body: string;
}

export interface CapabilityKind {
  readonly extended: boolean;
  readonly id: number;
  /** What lspci calls it, old versions included. */
  readonly printed: RegExp;
}

/** Ids as in PCI Code and ID Assignment 1.11, sections 2 and 3. */
export const CAPABILITY_KINDS: Readonly<Record<CapabilityName, CapabilityKind>> = {
  powerManagement: { extended: false, id: 0x01, printed: /^PowerManagement/ },
  msi: { extended: false, id: 0x05, printed: /^(?:MSI:|MessageSignall?edInterrupts)/ },
  express: { extended: false, id: 0x10, printed: /^Express/ },
  msix: { extended: false, id: 0x11, printed: /^MSI-X:/ },
  advancedFeatures: { extended: false, id: 0x13, printed: /^PCIAdvancedFeatures/ },
  serialNumber: { extended: true, id: 0x03, printed: /^DeviceSerialNumber/ },
  acs: { extended: true, id: 0x0d, printed: /^AccessControlServices/ },
  ats: { extended: true, id: 0x0f, printed: /^AddressTranslationService/ },
  sriov: { extended: true, id: 0x10, printed: /^SingleRootI\/OVirtualization/ },
  pri: { extended: true, id: 0x13, printed: /^PageRequestInterface/ },
  pasid: { extended: true, id: 0x1b, printed: /^ProcessAddressSpaceID/ },
};

const NAMES = Object.keys(CAPABILITY_KINDS) as CapabilityName[];
const PLACE = /^\[([0-9a-f]{2,3})(?:v\d+)?\]/;
/** Of a capability without a name: `#1b`, `#13 [0306]`, `Capability ID 0x13 [0306]`, `Extended Capability ID 0x2e`. */
const NUMBER = /^(?:#|(?:Extended)?CapabilityID(?:0x)?)([0-9a-f]{1,4})(?![0-9a-f])/;

export type CapabilityLine = CapabilityRecord | 'denied' | 'none' | 'broken' | undefined;

/** `broken`: the list ends here, in a loop or in nothing. `undefined`: makes no sense. */
export function readCapability(record: TextRecord): CapabilityLine {
  const text = record.squeezed;
  if (/^<accessdenied>/.test(text)) return 'denied';
  if (/^<none>/.test(text)) return 'none';
  const place = PLACE.exec(text);
  if (place === null) return undefined;
  const body = text.slice(place[0].length);
  if (/^<chain(?:looped|broken)>/.test(body)) return 'broken';
  const digits = place[1] as string;
  const extended = digits.length === 3;
  const number = NUMBER.exec(body);
  const id = number === null ? undefined : Number.parseInt(number[1] as string, 16);
  const name = NAMES.find((n) => {
    const kind = CAPABILITY_KINDS[n];
    return kind.extended === extended && (kind.printed.test(body) || kind.id === id);
  });
  return { offset: Number.parseInt(digits, 16), extended, name, body };
}
