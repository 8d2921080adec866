/**
 * @module Configuration space of a function of which a capture has facts but no bytes (the text of lspci): what is known
 * stands where the capture says, and what is not known is left out.
 */
import { type Fact, isUnknown, known, type PciFunction } from '@isogroups/pci';
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
  subsystemCapability,
} from '@isogroups/pci/encode';
import { COMMAND, COMMAND_BUS_MASTER, COMMAND_MEMORY, writeWord } from '../devices/registers.ts';

export interface Synthesised {
  readonly registers: Uint8Array;
  /** Names of the facts that are not known and so are not in the registers. */
  readonly missing: readonly string[];
}

const CONVENTIONAL_SIZE = 256;

export function synthesiseRegisters(f: PciFunction): Synthesised {
  const missing: string[] = [];
  const need = <T>(name: string, fact: Fact<T>, otherwise: T): T => {
    if (!isUnknown(fact)) return fact as T;
    missing.push(name);
    return otherwise;
  };
  const capability = <T extends { readonly offset: number }>(
    name: string,
    fact: Fact<T | null>,
    build: (capability: T) => CapabilityRecipe,
  ): readonly CapabilityRecipe[] => {
    const found = need(name, fact, null);
    return found === null ? [] : [{ ...build(found), at: found.offset }];
  };
  const value = <T>(name: string, fact: Fact<T>, otherwise: T): T => need(name, fact, otherwise);

  // All ones in both ids are what a virtual function has, whose ids the decoders do not take from its registers.
  const vendor = value('vendor', f.vendor, 0xffff);
  const headerType = value('header type', f.headerType, 0);
  const standard = [
    ...capability('power management', f.powerManagement, (pm) => powerManagementCapability(pm.noSoftReset)),
    ...capability('MSI', f.msi, (msi) => msiCapability(value('MSI enable', msi.enabled, false))),
    ...capability('PCI Express', f.express, (e) =>
      expressCapability({
        type: e.type,
        flr: value('function level reset', e.flr, false),
        ariForwarding: value('ARI forwarding', e.ariForwarding, false),
      }),
    ),
    ...capability('MSI-X', f.msix, (msix) => msixCapability(value('MSI-X enable', msix.enabled, false))),
    ...capability('advanced features', f.advancedFeatures, (af) => advancedFeaturesCapability(af.flr ? 3 : 0)),
  ];
  const subsystem = [
    value('subsystem vendor', f.subsystemVendor, 0),
    value('subsystem device', f.subsystemDevice, 0),
  ] as const;
  const extended = [
    ...capability('SR-IOV', f.sriov, (s) =>
      sriovCapability({
        enabled: value('SR-IOV enable', s.enabled, false),
        totalVfs: value('number of virtual functions', s.totalVfs, 0),
        numVfs: value('number of virtual functions', s.numVfs, 0),
        firstVfOffset: value('offset of virtual functions', s.firstVfOffset, 0),
        vfStride: value('stride of virtual functions', s.vfStride, 0),
        vfDeviceId: value('id of virtual functions', s.vfDeviceId, 0xffff),
      }),
    ),
    ...capability('ACS', f.acs, (acs) =>
      acsCapability(
        value('ACS capability', acs.capability, 0),
        value('ACS control', acs.control, 0),
        value('ACS control', acs.controlDword, 0),
      ),
    ),
    ...capability('ATS', f.ats, (ats) => atsCapability(value('ATS enable', ats.enabled, false))),
    ...capability('PRI', f.pri, (pri) => priCapability(value('PRI enable', pri.enabled, false))),
    ...capability('PASID', f.pasid, (pasid) => pasidCapability(value('PASID enable', pasid.enabled, false))),
  ];
  const serial = value('serial number', f.serialNumber, null);
  const bridge = value('bus numbers', f.bridge, null);
  const isWide = extended.length > 0 || serial !== null || known(f.acs) === null;
  const registers = buildConfigSpace({
    vendor,
    device: value('device', f.device, 0xffff),
    classCode: value('class', f.classCode, 0xff0000),
    revision: value('revision', f.revision, 0),
    headerType: headerType | (value('multifunction bit', f.multifunctionBit, false) ? 0x80 : 0),
    subsystem,
    ...(bridge === null ? {} : { bridge }),
    capabilities: within(
      inOrder([...standard, ...bridgeSubsystem(headerType, subsystem, standard)]),
      CONVENTIONAL_SIZE,
    ),
    extended: withFirst(within(inOrder([...extended, ...serialNumber(serial, extended)]), 4096)),
    length: isWide ? 4096 : CONVENTIONAL_SIZE,
  });
  writeWord(registers, COMMAND, COMMAND_MEMORY | COMMAND_BUS_MASTER);
  return { registers, missing: [...new Set(missing)] };
}

const inOrder = (recipes: readonly CapabilityRecipe[]): CapabilityRecipe[] =>
  [...recipes].sort((a, b) => (a.at as number) - (b.at as number));

/** Cut where the next one starts: facts name places, not sizes. Places that cannot be are left out. */
function within(recipes: readonly CapabilityRecipe[], end: number): readonly CapabilityRecipe[] {
  const start = end === CONVENTIONAL_SIZE ? 0x40 : CONVENTIONAL_SIZE;
  const placed = recipes.filter(({ at }, i) => {
    const next = recipes[i + 1]?.at ?? end;
    return (at as number) >= start && (at as number) + 4 <= next && (at as number) % 4 === 0;
  });
  return placed.map((recipe, i) => {
    const next = placed[i + 1]?.at ?? end;
    return { ...recipe, bytes: recipe.bytes.slice(0, next - (recipe.at as number)) };
  });
}

/** The list of extended capabilities starts at byte 256, if with a place holder. */
function withFirst(recipes: readonly CapabilityRecipe[]): readonly CapabilityRecipe[] {
  const [first] = recipes;
  if (first === undefined || first.at === CONVENTIONAL_SIZE) return recipes;
  return [{ id: 0, bytes: new Uint8Array(4), at: CONVENTIONAL_SIZE }, ...recipes];
}

/** Subsystem ids of a bridge are in a capability, of which facts do not tell the place: anywhere where there is room. */
function bridgeSubsystem(
  headerType: number,
  [vendor, device]: readonly [number, number],
  others: readonly CapabilityRecipe[],
): readonly CapabilityRecipe[] {
  if (headerType !== 1 || (vendor === 0 && device === 0)) return [];
  const recipe = subsystemCapability(vendor, device);
  return [{ ...recipe, at: roomFor(recipe.bytes.length, 0x40, CONVENTIONAL_SIZE, others) }];
}

function serialNumber(serial: string | null, others: readonly CapabilityRecipe[]): readonly CapabilityRecipe[] {
  if (serial === null || !/^[0-9a-f]{2}(-[0-9a-f]{2}){7}$/i.test(serial)) return [];
  const [high, low] = [serial.slice(0, 11), serial.slice(12)].map((part) =>
    Number.parseInt(part.replaceAll('-', ''), 16),
  );
  const recipe = serialNumberCapability(low as number, high as number);
  return [{ ...recipe, at: roomFor(recipe.bytes.length, CONVENTIONAL_SIZE, 4096, others) }];
}

function roomFor(size: number, start: number, end: number, others: readonly CapabilityRecipe[]): number {
  for (let at = start; at + size <= end; at += 4) {
    const isFree = others.every((o) => at + size <= (o.at as number) || at >= (o.at as number) + o.bytes.length);
    if (isFree) return at;
  }
  return end;
}
