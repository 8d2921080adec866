/**
 * @module The capabilities of a function as lspci lists them, as facts: there, known to be absent, or unknown.
 */
import { type Unknown, unknown } from '@isogroups/pci';
import { type CapabilityFacts, decodeCapability } from './capability-decoders.ts';
import { CAPABILITY_KINDS, type CapabilityName, type CapabilityRecord, readCapability } from './capability-record.ts';
import type { DeviceBlock } from './device-block.ts';

/** What the capability lines of one device say, and whether they are all there. */
export interface CapabilityListing {
  readonly records: readonly CapabilityRecord[];
  /** Why a capability that is not listed may be there all the same; undefined when the list is whole. */
  readonly gap: Unknown | undefined;
  /** Lines that make no sense. */
  readonly malformed: readonly number[];
}

const AS_ROOT = 'run lspci -vv as root';

export function readCapabilities(block: DeviceBlock): CapabilityListing {
  const records: CapabilityRecord[] = [];
  const malformed: number[] = [];
  let denied = false;
  for (const line of block.capabilities) {
    const found = readCapability(line);
    if (found === 'denied') denied = true;
    else if (found === undefined && !line.cut) malformed.push(line.line);
    else if (typeof found === 'object') records.push(found);
  }
  return { records, gap: gapOf(block, denied, malformed.length > 0), malformed };
}

const DENIED = unknown('lspci was denied access to the capabilities', AS_ROOT);
const CUT = unknown('the text of this device is not whole', 'all of the text');
const NO_ANSWER = unknown('the function did not answer lspci', 'wake the device and run lspci again');
const NO_LIST = unknown('the text lists no capabilities', AS_ROOT);
const MALFORMED = unknown('a capability of this device could not be read', 'the text as lspci printed it');

function gapOf(block: DeviceBlock, denied: boolean, malformed: boolean): Unknown | undefined {
  if (denied) return DENIED;
  // The driver's line comes after the capabilities.
  const past = block.properties.has('Kernel driver in use') || block.properties.has('Kernel modules');
  if (block.elided || (block.unfinished && !past)) return CUT;
  if (didNotAnswer(block)) return NO_ANSWER;
  if (!isVerbose(block)) return NO_LIST;
  // No list at all, `Cap+` or not, is an empty one: where lspci may not read it, it says so.
  return malformed ? MALFORMED : undefined;
}

/** `!!! Unknown header type 7f`: configuration space reads as all ones. */
export function didNotAnswer(block: DeviceBlock): boolean {
  return block.properties.has('!!!');
}

/** Whether lspci ran with `-v` or more; without it there is no list of capabilities. */
export function isVerbose(block: DeviceBlock): boolean {
  return block.properties.has('Flags') || block.properties.has('Control') || didNotAnswer(block);
}

/** Whether lspci ran with `-vv` or more, when it prints the registers of the capabilities. */
export function showsRegisters(block: DeviceBlock): boolean {
  return block.properties.has('Control');
}

const NONE_SEEN = unknown(
  'no device of the text shows an extended capability: perhaps lspci could not read that far',
  'run lspci -vv as root, on a kernel that offers extended configuration space',
);
const NOT_SHOWN = unknown('the text does not show this register', AS_ROOT);
const NOT_WITH_V = unknown('lspci -v names the capability and not its bits', AS_ROOT);

/**
 * `extendedSeen`: some device of the text has an extended capability, so lspci was able to read that part of
 * configuration space (from 0x100 up; it cannot where the kernel offers no way to).
 */
export function capabilityFacts(
  listing: CapabilityListing,
  withRegisters: boolean,
  extendedSeen: boolean,
): CapabilityFacts {
  const isExpress = listing.records.some((r) => r.name === 'express');
  const absent = (extended: boolean): Unknown | null => {
    if (listing.gap !== undefined) return listing.gap;
    if (!extended || !isExpress || extendedSeen) return null;
    return NONE_SEEN;
  };
  const fact = <N extends CapabilityName>(name: N): CapabilityFacts[N] => {
    // Of two the kernel uses the first as well.
    const record = listing.records.find((r) => r.name === name);
    if (record === undefined) return absent(CAPABILITY_KINDS[name].extended) as CapabilityFacts[N];
    return decodeCapability(name, record, withRegisters ? NOT_SHOWN : NOT_WITH_V) as CapabilityFacts[N];
  };
  return {
    express: fact('express'),
    acs: fact('acs'),
    ats: fact('ats'),
    pasid: fact('pasid'),
    pri: fact('pri'),
    sriov: fact('sriov'),
    msi: fact('msi'),
    msix: fact('msix'),
    advancedFeatures: fact('advancedFeatures'),
    powerManagement: fact('powerManagement'),
    serialNumber: fact('serialNumber'),
  };
}
