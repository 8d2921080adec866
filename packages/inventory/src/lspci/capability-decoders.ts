/**
 * @module The registers of a capability from the words that lspci prints for their bits.
 */
import {
  type AcsCapability,
  type ExpressCapability,
  type Fact,
  type PciFunction,
  PORT,
  type SriovCapability,
  type SwitchableCapability,
  type Unknown,
  unknown,
} from '@isogroups/pci';
import type { CapabilityName, CapabilityRecord } from './capability-record.ts';

export type CapabilityFacts = Pick<PciFunction, CapabilityName>;

/** `missing` is the fact for what the text does not print. */
export function decodeCapability(
  name: CapabilityName,
  { offset, body }: CapabilityRecord,
  missing: Unknown,
): CapabilityFacts[CapabilityName] {
  switch (name) {
    case 'express':
      return express(offset, body, missing);
    case 'acs':
      return acs(offset, body, missing);
    case 'sriov':
      return sriov(offset, body, missing);
    case 'msi':
    case 'msix':
      return switchable(offset, body, missing);
    case 'ats':
      return switchable(offset, part(body, 'ATSCtl:'), missing);
    case 'pasid':
      return switchable(offset, part(body, 'PASIDCtl:'), missing);
    case 'pri':
      return switchable(offset, part(body, 'PRICtl:'), missing);
    case 'advancedFeatures': {
      const flr = flag(part(body, 'AFCap:', 'X'), 'FLR');
      return flr === undefined ? missing : Object.freeze({ offset, flr });
    }
    case 'powerManagement': {
      const noSoftReset = flag(part(body, 'Status:'), 'NoSoftRst');
      return noSoftReset === undefined ? missing : Object.freeze({ offset, noSoftReset });
    }
    case 'serialNumber':
      return /^DeviceSerialNumber((?:[0-9a-f]{2}-){7}[0-9a-f]{2})/.exec(body)?.[1] ?? missing;
  }
}

/** The text from a register's name up to the next one's, or to the end; empty where the register is not printed. */
function part(body: string, from: string, to?: string): string {
  const start = body.indexOf(from);
  if (start < 0) return '';
  const end = to === undefined ? -1 : body.indexOf(to, start);
  return body.slice(start + from.length, end < 0 ? body.length : end);
}

/** `FLReset+` */
function flag(text: string, name: string): boolean | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const sign = text[at + name.length];
    if (sign === '+' || sign === '-') return sign === '+';
  }
  return undefined;
}

function switchable(offset: number, text: string, missing: Unknown): SwitchableCapability {
  return Object.freeze({ offset, enabled: flag(text, 'Enable') ?? missing });
}

const EXPRESS_TYPES: readonly (readonly [string, number])[] = [
  ['Endpoint', PORT.endpoint],
  ['LegacyEndpoint', PORT.legacyEndpoint],
  ['RootPort', PORT.root],
  ['UpstreamPort', PORT.upstream],
  ['DownstreamPort', PORT.downstream],
  ['PCI-ExpresstoPCI/PCI-XBridge', PORT.expressToPci],
  ['PCI/PCI-XtoPCI-ExpressBridge', PORT.pciToExpress],
  ['RootComplexIntegratedEndpoint', PORT.rcIntegratedEndpoint],
  ['RootComplexEventCollector', PORT.eventCollector],
];

function express(offset: number, body: string, missing: Unknown): Fact<ExpressCapability> {
  const m = /^Express(?:\(v(\d+)\))?(.*)$/.exec(body);
  const rest = m?.[2] ?? '';
  const type = expressType(rest);
  if (type === undefined) return unknown('the text does not tell the type of the port', missing.decidedBy);
  const isEndpoint = type === PORT.endpoint || type === PORT.legacyEndpoint || type === PORT.rcIntegratedEndpoint;
  const facesDown = type === PORT.root || type === PORT.downstream;
  return Object.freeze({
    offset,
    type,
    // In the control register the same word is the request for a reset. Some switch ports set the capability as well.
    flr: isEndpoint ? (flag(part(body, 'DevCap:', 'DevCtl:'), 'FLReset') ?? missing) : FLR_NOT_PRINTED,
    // Of ports that face downstream only (PCIe 6.0, 7.5.3.16), and since version 2 of the capability.
    ariForwarding: facesDown && m?.[1] !== '1' ? (flag(part(body, 'DevCtl2:'), 'ARIFwd') ?? missing) : false,
  });
}

const FLR_NOT_PRINTED = unknown('lspci prints the FLR capability of endpoints only', 'run lspci with -xxx as root');

function expressType(text: string): number | undefined {
  const number = /^Unknowntype(\d{1,2})/.exec(text);
  if (number !== null) return Number.parseInt(number[1] as string, 10) & 0xf;
  return EXPRESS_TYPES.find(([name]) => text.startsWith(name))?.[1];
}

/** In the order of the bits, from bit 0 (7.7.11.2). lspci does not print the size of the egress vector above them. */
const ACS_BITS = [
  'SrcValid',
  'TransBlk',
  'ReqRedir',
  'CmpltRedir',
  'UpstreamFwd',
  'EgressCtrl',
  'DirectTrans',
] as const;

const NO_DWORD = unknown('lspci prints the words at +4 and +6 only', 'run lspci with -xxxx as root');

function acs(offset: number, body: string, missing: Unknown): AcsCapability {
  return Object.freeze({
    offset,
    capability: acsWord(part(body, 'ACSCap:', 'ACSCtl:')) ?? missing,
    control: acsWord(part(body, 'ACSCtl:')) ?? missing,
    capabilityDword: NO_DWORD,
    controlDword: NO_DWORD,
  });
}

/** `undefined` unless all the bits are printed. */
function acsWord(text: string): number | undefined {
  let word = 0;
  for (const [bit, name] of ACS_BITS.entries()) {
    const value = flag(text, name);
    if (value === undefined) return undefined;
    if (value) word |= 1 << bit;
  }
  return word;
}

function sriov(offset: number, body: string, missing: Unknown): SriovCapability {
  const number = (pattern: RegExp, radix: number): Fact<number> => {
    const digits = pattern.exec(body)?.[1];
    return digits === undefined ? missing : Number.parseInt(digits, radix);
  };
  return Object.freeze({
    offset,
    enabled: flag(part(body, 'IOVCtl:', 'IOVSta:'), 'Enable') ?? missing,
    totalVfs: number(/TotalVFs:(\d{1,5})(?!\d)/, 10),
    numVfs: number(/NumberofVFs:(\d{1,5})(?!\d)/, 10),
    firstVfOffset: number(/VFoffset:(\d{1,5})(?!\d)/, 10),
    vfStride: number(/stride:(\d{1,5})(?!\d)/, 10),
    vfDeviceId: number(/DeviceID:([0-9a-f]{4})/, 16),
  });
}
