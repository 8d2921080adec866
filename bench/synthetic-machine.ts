/**
 * @module Machines of any size for the benchmarks: wide, deep, and everything on busses of 256 functions.
 */
import {
  type AcsCapability,
  type DmarTable,
  type ExpressCapability,
  type HostFacts,
  type Machine,
  type PciFunction,
  PORT,
} from '@isogroups/pci';

export type Shape = 'wide' | 'deep' | 'one-bus';

/** One in `n` ports has its ACS control off, so that there is something to join. */
const OPEN_EVERY = 16;

export function syntheticMachine(shape: Shape, count: number): Machine {
  const functions: PciFunction[] = [];
  for (let segment = 0; functions.length < count; segment++) {
    const left = count - functions.length;
    if (shape === 'wide') wideSegment(functions, segment, left);
    else if (shape === 'deep') deepSegment(functions, segment, left);
    else oneBusSegment(functions, segment, left);
  }
  const segments = (functions.at(-1)?.segment ?? 0) + 1;
  return {
    source: { kind: 'synthetic', label: `${shape} ${count}` },
    functions,
    rootBuses: Array.from({ length: segments }, (_, segment) => ({ segment, bus: 0 })),
    rootBusOrderKnown: true,
    others: [],
    firmware: {
      dmar: dmarFor(segments),
      ivrs: null,
      iort: null,
      viot: null,
      mcfg: { kind: 'mcfg', windows: [] },
      deviceTree: null,
    },
    kernel: {
      release: '6.12.0',
      version: 'Linux version 6.12.0',
      commandLine: 'intel_iommu=on',
      log: ['Linux version 6.12.0', 'DMAR-IR: Enabled IRQ remapping in x2apic mode'],
      architecture: 'x86_64',
      groups: [],
      iommuUnits: ['dmar0'],
    },
    diagnostics: [],
  };
}

/** 255 root ports on the root bus, each with a slot of up to eight functions. */
function wideSegment(out: PciFunction[], segment: number, left: number): void {
  const first = out.length;
  const ports = Math.min(255, Math.max(1, Math.ceil(left / 9)));
  for (let p = 0; p < ports; p++) out.push(bridge(segment, 0, p, -1, PORT.root, p + 1, p % OPEN_EVERY === 0));
  let room = left - ports;
  for (let p = 0; p < ports && room > 0; p++) {
    const functions = Math.min(8, room);
    for (let f = 0; f < functions; f++) out.push(endpoint(segment, p + 1, f, first + p, functions > 1));
    room -= functions;
  }
}

/** A chain of switches as long as bus numbers last, with an endpoint beside each. */
function deepSegment(out: PciFunction[], segment: number, left: number): void {
  let room = left;
  let parent = -1;
  let bus = 0;
  const add = (f: PciFunction): number => {
    room--;
    return out.push(f) - 1;
  };
  parent = add(bridge(segment, bus, 0, parent, PORT.root, 1, false));
  for (bus = 1; bus < 254 && room > 0; bus += 2) {
    parent = add(bridge(segment, bus, 0, parent, PORT.upstream, bus + 1, false));
    if (room <= 0) break;
    const down = add(bridge(segment, bus + 1, 0, parent, PORT.downstream, bus + 2, bus % OPEN_EVERY === 1));
    if (room > 0) add(endpoint(segment, bus + 1, 8, parent, false));
    parent = down;
  }
}

/** A root port with ARI and 256 functions on the one bus below. */
function oneBusSegment(out: PciFunction[], segment: number, left: number): void {
  const port = out.push(bridge(segment, 0, 0, -1, PORT.root, 1, false)) - 1;
  const functions = Math.min(256, left - 1);
  for (let f = 0; f < functions; f++) out.push(endpoint(segment, 1, f, port, true));
}

const ACS_ON: AcsCapability = { offset: 0x100, capability: 0x5f, control: 0x1d, capabilityDword: 0, controlDword: 0 };
const ACS_OFF: AcsCapability = { ...ACS_ON, control: 0 };
const HOST: HostFacts = {
  path: undefined,
  driver: null,
  driverOverride: null,
  group: null,
  iommu: 'dmar0',
  numaNode: null,
  resetMethods: null,
  bootVga: null,
  description: undefined,
};
function express(type: number): ExpressCapability {
  return { offset: 0x40, type, flr: true, ariForwarding: type === PORT.root };
}

function bridge(
  segment: number,
  bus: number,
  devfn: number,
  parent: number,
  type: number,
  secondary: number,
  open: boolean,
): PciFunction {
  return functionOf({
    segment,
    bus,
    devfn,
    parent,
    vendor: 0x1b36,
    device: 0x000c,
    classCode: 0x060400,
    headerType: 1,
    multifunctionBit: false,
    bridge: { primary: bus, secondary, subordinate: 255 },
    express: express(type),
    acs: type === PORT.upstream ? null : open ? ACS_OFF : ACS_ON,
  });
}

function endpoint(segment: number, bus: number, devfn: number, parent: number, multifunction: boolean): PciFunction {
  return functionOf({
    segment,
    bus,
    devfn,
    parent,
    vendor: 0x8086,
    device: 0x10d3,
    classCode: 0x020000,
    headerType: 0,
    multifunctionBit: multifunction,
    bridge: null,
    express: express(PORT.endpoint),
    acs: null,
  });
}

type Given = Pick<
  PciFunction,
  | 'segment'
  | 'bus'
  | 'devfn'
  | 'parent'
  | 'vendor'
  | 'device'
  | 'classCode'
  | 'headerType'
  | 'multifunctionBit'
  | 'bridge'
  | 'express'
  | 'acs'
>;

/** Every field by name: an object made by spreading gets a hash table from V8, ten times the size and slower to read. */
function functionOf(given: Given): PciFunction {
  return {
    segment: given.segment,
    bus: given.bus,
    devfn: given.devfn,
    parent: given.parent,
    physicalFunction: -1,
    dmaDevice: -1,
    vendor: given.vendor,
    device: given.device,
    subsystemVendor: 0,
    subsystemDevice: 0,
    revision: 0,
    classCode: given.classCode,
    headerType: given.headerType,
    multifunctionBit: given.multifunctionBit,
    bridge: given.bridge,
    express: given.express,
    acs: given.acs,
    ats: null,
    pasid: null,
    pri: null,
    sriov: null,
    msi: null,
    msix: null,
    advancedFeatures: null,
    powerManagement: null,
    serialNumber: null,
    config: undefined,
    host: HOST,
  };
}

function dmarFor(segments: number): DmarTable {
  return {
    kind: 'dmar',
    addressWidth: 48,
    interruptRemapping: true,
    x2apicOptOut: false,
    platformOptIn: false,
    drhds: Array.from({ length: segments }, (_, segment) => ({
      kind: 'drhd' as const,
      offset: 48,
      includeAll: true,
      segment,
      registerBase: BigInt(0xfed90000 + segment * 0x1000),
      scopes: [],
    })),
    rmrrs: [],
    atsrs: [],
    satcs: [],
    rhsas: [],
    andds: [],
    usable: true,
  };
}
