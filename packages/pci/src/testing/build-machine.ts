/**
 * @module Small machines for tests, said as a tree: `machineOf([port('00:1c.0', { acs: 'off' }, [endpoint('01:00.0')])])`.
 */
import type { DmarTable } from '../acpi/dmar.ts';
import { formatAddress, parseAddress } from '../facts/address.ts';
import { assembleMachine, type LooseFunction } from '../facts/assemble-machine.ts';
import type { FirmwareFacts, KernelFacts, Machine } from '../facts/machine.ts';
import type { AcsCapability, ExpressCapability } from '../facts/pci-function.ts';
import { PORT } from '../topology/port-type.ts';

export interface NodeOptions {
  readonly type?: number | 'conventional';
  /** `on`: SV RR CR UF implemented and set; `off`: implemented, clear; `none`: no capability; or the two words. */
  readonly acs?: 'on' | 'off' | 'none' | { readonly capability: number; readonly control: number };
  readonly multifunction?: boolean;
  readonly flr?: boolean;
  readonly driver?: string;
  readonly facts?: Partial<LooseFunction>;
}

export interface Node {
  readonly address: string;
  readonly options: NodeOptions;
  readonly below: readonly Node[];
}

export function port(address: string, options: NodeOptions = {}, below: readonly Node[] = []): Node {
  return { address, options: { type: PORT.root, acs: 'on', ...options }, below };
}

export function endpoint(address: string, options: NodeOptions = {}): Node {
  return { address, options: { type: PORT.endpoint, acs: 'none', flr: true, ...options }, below: [] };
}

/** A switch: its upstream port, and its downstream ports with what is below them. */
export function switchOf(upstream: string, downstream: readonly Node[], options: NodeOptions = {}): Node {
  return { address: upstream, options: { type: PORT.upstream, acs: 'none', ...options }, below: downstream };
}

export interface MachineOptions {
  readonly firmware?: Partial<FirmwareFacts>;
  readonly kernel?: Partial<KernelFacts>;
}

/** A machine with one VT-d unit for everything, interrupt remapping on, and a kernel log that says so. */
export function machineOf(roots: readonly Node[], options: MachineOptions = {}): Machine {
  const functions: LooseFunction[] = [];
  const visit = (node: Node, parent: string | null): void => {
    const f = looseFunction(node, parent);
    functions.push(f);
    for (const child of node.below) visit(child, formatAddress(f));
  };
  for (const root of roots) visit(root, null);
  return assembleMachine({
    source: { kind: 'synthetic', label: 'test machine' },
    functions,
    rootBuses: undefined,
    others: [],
    firmware: {
      dmar: CATCH_ALL,
      ivrs: null,
      iort: null,
      viot: null,
      mcfg: { kind: 'mcfg', windows: [] },
      deviceTree: null,
      ...options.firmware,
    },
    kernel: {
      release: '6.12.0',
      version: 'Linux version 6.12.0',
      commandLine: 'intel_iommu=on',
      log: ['[    0.000000] Linux version 6.12.0', '[    0.100000] DMAR-IR: Enabled IRQ remapping in x2apic mode'],
      architecture: 'x86_64',
      groups: [],
      iommuUnits: ['dmar0'],
      ...options.kernel,
    },
    diagnostics: [],
  });
}

/** A DMAR table with one unit that takes all. */
export const CATCH_ALL: DmarTable = {
  kind: 'dmar',
  addressWidth: 48,
  interruptRemapping: true,
  x2apicOptOut: false,
  platformOptIn: false,
  drhds: [{ kind: 'drhd', offset: 48, includeAll: true, segment: 0, registerBase: 0xfed90000n, scopes: [] }],
  rmrrs: [],
  atsrs: [],
  satcs: [],
  rhsas: [],
  andds: [],
  usable: true,
};

function looseFunction({ address, options, below }: Node, parent: string | null): LooseFunction {
  const place = parseAddress(address);
  if (place === undefined) throw new RangeError(`"${address}" is no PCI address`);
  const firstBelow = below[0] === undefined ? undefined : parseAddress(below[0].address);
  const isBridge = below.length > 0;
  return {
    ...place,
    parentAddress: parent,
    physicalFunctionAddress: null,
    dmaDeviceAddress: null,
    vendor: 0x1b36,
    device: 0x0001,
    subsystemVendor: 0,
    subsystemDevice: 0,
    revision: 0,
    classCode: isBridge ? 0x060400 : 0x020000,
    headerType: isBridge ? 1 : 0,
    multifunctionBit: options.multifunction ?? false,
    bridge: isBridge
      ? { primary: place.bus, secondary: firstBelow?.bus ?? 0, subordinate: firstBelow?.bus ?? 0 }
      : null,
    express: expressOf(options),
    acs: acsOf(options.acs ?? 'none'),
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
    host: {
      path: undefined,
      driver: options.driver ?? null,
      driverOverride: null,
      group: null,
      iommu: null,
      numaNode: null,
      resetMethods: null,
      bootVga: null,
      description: undefined,
    },
    ...options.facts,
  };
}

function expressOf(options: NodeOptions): ExpressCapability | null {
  if (options.type === 'conventional') return null;
  return { offset: 0x40, type: options.type ?? PORT.endpoint, flr: options.flr ?? false, ariForwarding: false };
}

const ACS_ALL = 0x1d;

function acsOf(acs: NonNullable<NodeOptions['acs']>): AcsCapability | null {
  if (acs === 'none') return null;
  const words = typeof acs === 'string' ? { capability: ACS_ALL, control: acs === 'on' ? ACS_ALL : 0 } : acs;
  return { offset: 0x100, ...words, capabilityDword: words.capability, controlDword: 0 };
}
