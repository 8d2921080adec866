/**
 * @module One device of the text as facts: from its hex dump where there is one, else from the words.
 */
import {
  type BridgeNumbers,
  type ConfigSpace,
  type Diagnostic,
  decodeConfigSpace,
  diagnostic,
  type Fact,
  isUnknown,
  type LooseFunction,
  type PciAddress,
  type PciFunction,
  unknown,
} from '@isogroups/pci';
import type { NameIndex } from '../names/name-index.ts';
import {
  type CapabilityListing,
  capabilityFacts,
  didNotAnswer,
  isVerbose,
  readCapabilities,
  showsRegisters,
} from './capability-facts.ts';
import type { DeviceBlock } from './device-block.ts';
import { type Heading, readHeading } from './heading.ts';
import { hexBytes } from './hex-bytes.ts';
import { hostFacts, type PrintedSomewhere, printedSomewhere } from './host-facts.ts';
import { identityFacts } from './identity-facts.ts';

/** A device of the text whose address and relations are still to be found. */
export interface DescribedFunction {
  readonly block: DeviceBlock;
  readonly heading: Heading;
  readonly facts: Omit<LooseFunction, keyof PciAddress | `${string}Address`>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Reading {
  readonly label: string;
  readonly names: NameIndex | undefined;
  readonly printed: PrintedSomewhere;
  readonly extendedSeen: boolean;
}

export function describeFunctions(
  blocks: readonly DeviceBlock[],
  label: string,
  names: NameIndex | undefined,
): readonly DescribedFunction[] {
  const listings = blocks.map(readCapabilities);
  const extendedSeen = listings.some((l) => l.records.some((r) => r.extended));
  const reading: Reading = { label, names, printed: printedSomewhere(blocks), extendedSeen };
  return blocks.map((block, i) => describe(block, listings[i] as CapabilityListing, reading));
}

function describe(block: DeviceBlock, listing: CapabilityListing, reading: Reading): DescribedFunction {
  const place = (line: number): string => `${reading.label}, line ${line}`;
  const diagnostics: Diagnostic[] = listing.malformed.map((line) =>
    diagnostic('warning', place(line), 'not a capability as lspci prints them; what it may have been is unknown'),
  );
  const heading = readHeading(block.heading);
  const bridge = bridgeNumbers(block);
  if (bridge === undefined) {
    const { line } = block.properties.get('Bus') ?? block.heading;
    diagnostics.push(diagnostic('warning', place(line), 'bus numbers that make no sense; they are unknown'));
  }
  const identity = identityFacts(heading, block.properties.get('Subsystem'), isVerbose(block), reading.names);
  const headerType = headerTypeOf(block, identity.classCode, heading);
  const words = {
    ...identity,
    headerType,
    multifunctionBit: NO_HEADER_TYPE,
    bridge: headerType === 0 ? null : (bridge ?? NO_BUS_NUMBERS),
    ...capabilityFacts(listing, showsRegisters(block), reading.extendedSeen),
  };
  const host = hostFacts(block, reading.printed, heading.name);
  const { bytes, gapAt } = hexBytes(block.hexRows);
  if (gapAt !== undefined) {
    diagnostics.push(diagnostic('warning', place(gapAt), 'does not follow the row before; the rest is not used'));
  }
  if (bytes.length === 0) return { block, heading, facts: { ...words, config: undefined, host }, diagnostics };

  const config: ConfigSpace = { bytes, file: place((block.hexRows[0] ?? block.heading).line) };
  const decoded = decodeConfigSpace(config);
  return {
    block,
    heading,
    facts: { ...firstKnown(decoded.facts, words), config, host },
    diagnostics: [...diagnostics, ...decoded.diagnostics],
  };
}

const NO_HEADER_TYPE = unknown('lspci does not print the multifunction bit', 'run lspci with -xxx');
const NO_BUS_NUMBERS = unknown('the text does not print the bus numbers', 'run lspci with -v');

/** Bytes win over words; words fill in what the bytes do not reach. */
function firstKnown<T extends object>(bytes: T, words: T): T {
  const merged = { ...bytes };
  for (const key of Object.keys(words) as (keyof T)[]) if (isUnknown(merged[key])) merged[key] = words[key];
  return merged;
}

const BUS_NUMBERS = /^primary=([0-9a-f]{2}),secondary=([0-9a-f]{2}),subordinate=([0-9a-f]{2})(?:,|$)/;

/** Unknown when the text does not print them; undefined when what it prints makes no sense. */
function bridgeNumbers(block: DeviceBlock): Fact<BridgeNumbers> | undefined {
  const record = block.properties.get('Bus');
  if (record === undefined) return NO_BUS_NUMBERS;
  const m = BUS_NUMBERS.exec(record.squeezed);
  if (m === null) return record.cut ? NO_BUS_NUMBERS : undefined;
  const [primary = 0, secondary = 0, subordinate = 0] = m.slice(1).map((digits) => Number.parseInt(digits, 16));
  return Object.freeze({ primary, secondary, subordinate });
}

/** lspci prints bus numbers for bridges only; without `-v` the class has to tell. */
function headerTypeOf(block: DeviceBlock, classCode: PciFunction['classCode'], heading: Heading): Fact<number> {
  if (didNotAnswer(block)) {
    return unknown('the function did not answer lspci', 'wake the device and run lspci again');
  }
  const codes = isUnknown(classCode) ? (classCode.candidates ?? []) : [classCode];
  const subClasses = new Set(codes.map((c) => c >> 8));
  if (subClasses.has(CARDBUS_BRIDGE)) return 2;
  if (block.properties.has('Bus') || subClasses.has(PCI_BRIDGE)) return 1;
  if (heading.className === '' && codes.length === 0) {
    return unknown('neither class nor bus numbers are in the text', 'run lspci with -v');
  }
  return 0;
}

const PCI_BRIDGE = 0x0604;
const CARDBUS_BRIDGE = 0x0607;
