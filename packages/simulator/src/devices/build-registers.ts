/**
 * @module Configuration space of a function as its description wants it. Address ranges are filled in when they are given.
 */
import { decodeConfigSpace, known, NOT_EXPRESS, PORT } from '@isogroups/pci';
import {
  acsCapability,
  advancedFeaturesCapability,
  atsCapability,
  buildConfigSpace,
  type CapabilityRecipe,
  expressCapability,
  msiCapability,
  msixCapability,
  pasidCapability,
  powerManagementCapability,
  priCapability,
  serialNumberCapability,
  sriovCapability,
} from '@isogroups/pci/encode';
import type { BarDescription, FunctionOptions, ResetWord } from '../language/description.ts';
import type { PlacedFunction } from '../machine/place-functions.ts';
import {
  BAR_64,
  BAR_PREFETCHABLE,
  COMMAND,
  COMMAND_BUS_MASTER,
  COMMAND_MEMORY,
  FIRST_BAR,
  PREFETCHABLE_BASE,
  PREFETCHABLE_LIMIT,
  VF_FIRST_BAR,
  writeDword,
  writeWord,
} from './registers.ts';

/** What one virtual function answers to. */
export const VIRTUAL_BARS: readonly BarDescription[] = Object.freeze([{ size: 16 * 1024, bits: 64 }]);
/** A virtual function has another device id than its physical one. */
const VIRTUAL_ID = 1;

export function buildRegisters(f: PlacedFunction): Uint8Array {
  const { description, kind, portType, busses } = f;
  const { options } = description;
  const isExpress = portType !== NOT_EXPRESS;
  const { vendor, device } = options.id ?? kind;
  const multifunction = options.multifunction ?? f.isMultifunction;
  const config = buildConfigSpace({
    vendor,
    device,
    classCode: options.classCode ?? kind.classCode,
    revision: options.revision ?? 0,
    headerType: (busses === undefined ? 0 : 1) | (multifunction ? 0x80 : 0),
    subsystem: [options.subsystem?.vendor ?? vendor, options.subsystem?.device ?? device],
    ...(busses === undefined ? {} : { bridge: { primary: f.address.bus, ...busses } }),
    capabilities: standardCapabilities(options, resetOf(f), portType),
    extended: isExpress ? extendedCapabilities(options, device) : [],
    length: isExpress ? 4096 : 256,
  });
  writeWord(config, COMMAND, COMMAND_MEMORY | COMMAND_BUS_MASTER);
  writeBarTypes(config, FIRST_BAR, barsOf(f));
  if (busses !== undefined) {
    // A 64-bit prefetchable window; base above limit: closed until addresses are given.
    writeWord(config, PREFETCHABLE_BASE, 0xfff1);
    writeWord(config, PREFETCHABLE_LIMIT, 0x0001);
  }
  const sriovAt = sriovOffset(config, options);
  if (sriovAt !== undefined) writeBarTypes(config, sriovAt + VF_FIRST_BAR, VIRTUAL_BARS);
  return config;
}

/**
 * Configuration space of a virtual function, after the registers of its physical one: ids and memory decoding are those of
 * the physical function.
 */
export function buildVirtualRegisters(physical: Uint8Array, acs: FunctionOptions['acs']): Uint8Array {
  const facts = decodeConfigSpace({ bytes: physical, file: '' }).facts;
  const config = buildConfigSpace({
    vendor: 0xffff,
    device: 0xffff,
    classCode: known(facts.classCode) ?? 0,
    revision: known(facts.revision) ?? 0,
    subsystem: [known(facts.subsystemVendor) ?? 0, known(facts.subsystemDevice) ?? 0],
    capabilities: [
      expressCapability({ type: known(facts.express)?.type ?? PORT.endpoint, flr: true }),
      msixCapability(false),
    ],
    extended: [
      ...(acs === undefined ? [] : [acsCapability(acs.capability, acs.control)]),
      ...(known(facts.ats) ? [atsCapability(known(facts.ats)?.enabled === true)] : []),
    ],
    length: 4096,
  });
  writeWord(config, COMMAND, COMMAND_BUS_MASTER);
  return config;
}

export function barsOf({ description, kind }: PlacedFunction): readonly BarDescription[] {
  return description.options.bars ?? kind.bars;
}

/** Bytes of the range that starts at each of six registers. */
export function sizesByRegister(bars: readonly BarDescription[]): readonly number[] {
  const sizes = bars.flatMap(({ size, bits }) => (bits === 64 ? [size, 0] : [size]));
  return Object.freeze([...sizes, 0, 0, 0, 0, 0, 0].slice(0, 6));
}

function writeBarTypes(config: Uint8Array, first: number, bars: readonly BarDescription[]): void {
  let at = first;
  for (const { bits } of bars) {
    writeDword(config, at, bits === 64 ? BAR_64 | BAR_PREFETCHABLE : 0);
    at += bits / 8;
  }
}

/** PCI Express endpoints have a function level reset unless something else is said, others have none. */
function resetOf({ description, kind, portType }: PlacedFunction): ResetWord {
  const isEndpoint = portType !== NOT_EXPRESS && (kind.role === 'endpoint' || kind.role === 'vmd');
  return description.options.reset ?? (isEndpoint ? 'flr' : 'bus');
}

function standardCapabilities(options: FunctionOptions, reset: ResetWord, portType: number): CapabilityRecipe[] {
  const found = [powerManagementCapability(reset !== 'pm')];
  if (options.msi !== undefined) found.push(msiCapability(options.msi));
  if (portType !== NOT_EXPRESS) {
    found.push(expressCapability({ type: portType, flr: reset === 'flr', ariForwarding: options.ari === true }));
  }
  if (options.msix !== undefined) found.push(msixCapability(options.msix));
  if (reset === 'af') found.push(advancedFeaturesCapability(3));
  return found;
}

function extendedCapabilities(options: FunctionOptions, device: number): CapabilityRecipe[] {
  const found: CapabilityRecipe[] = [];
  if (options.vfs !== undefined) {
    const { enabled, total, offset, stride } = options.vfs;
    found.push(
      sriovCapability({
        enabled: enabled > 0,
        totalVfs: total,
        numVfs: enabled,
        firstVfOffset: offset,
        vfStride: stride,
        vfDeviceId: (device + VIRTUAL_ID) & 0xffff,
      }),
    );
  }
  if (options.acs !== undefined) found.push(acsCapability(options.acs.capability, options.acs.control));
  if (options.ats !== undefined) found.push(atsCapability(options.ats));
  if (options.pri !== undefined) found.push(priCapability(options.pri));
  if (options.pasid !== undefined) found.push(pasidCapability(options.pasid));
  if (options.serial !== undefined) {
    const [high, low] = [options.serial.slice(0, 11), options.serial.slice(12)].map((part) =>
      Number.parseInt(part.replaceAll('-', ''), 16),
    );
    found.push(serialNumberCapability(low as number, high as number));
  }
  return found;
}

/** It comes first of the extended capabilities. */
function sriovOffset(config: Uint8Array, options: FunctionOptions): number | undefined {
  return options.vfs === undefined || config.length < 4096 ? undefined : 0x100;
}
