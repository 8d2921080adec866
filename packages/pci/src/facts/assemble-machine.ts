/**
 * @module Puts loose functions, as sources find them, into a Machine: tree order and index links.
 */
import { formatAddress, type PciAddress } from './address.ts';
import { type Diagnostic, diagnostic } from './diagnostic.ts';
import type { FirmwareFacts, KernelFacts, Machine, MachineSource, OtherDevice, RootBus } from './machine.ts';
import type { PciFunction } from './pci-function.ts';

/** A function whose relations are still names (`0000:00:1c.0`), because nothing has an index yet. */
export interface LooseFunction extends Omit<PciFunction, 'parent' | 'physicalFunction' | 'dmaDevice'> {
  /** The bridge above; null on a root bus. */
  readonly parentAddress: string | null;
  readonly physicalFunctionAddress: string | null;
  readonly dmaDeviceAddress: string | null;
}

export interface MachineParts {
  readonly source: MachineSource;
  readonly functions: readonly LooseFunction[];
  /** Host bridges in the order in which the kernel found them; undefined where nothing tells. */
  readonly rootBuses: readonly RootBus[] | undefined;
  readonly others: readonly (Omit<OtherDevice, 'parent'> & { readonly parentAddress: string | null })[];
  readonly firmware: FirmwareFacts;
  readonly kernel: KernelFacts;
  readonly diagnostics: readonly Diagnostic[];
}

/** What was worked out for functions before: for whoever assembles much the same machine again and again. */
export type AssemblyMemory = WeakMap<LooseFunction, { readonly name: string; linked: PciFunction | undefined }>;

/** @param memory changes nothing but the time that it takes */
export function assembleMachine(parts: MachineParts, memory: AssemblyMemory = new WeakMap()): Machine {
  const diagnostics = [...parts.diagnostics];
  const nameOf = (f: LooseFunction): string => {
    const known = memory.get(f);
    if (known !== undefined) return known.name;
    const name = formatAddress(f);
    memory.set(f, { name, linked: undefined });
    return name;
  };
  const byName = new Map<string, LooseFunction>();
  for (const f of parts.functions) {
    const name = nameOf(f);
    if (byName.has(name)) {
      diagnostics.push(diagnostic('warning', parts.source.label, `${name} is listed twice; the first one is used`));
    } else byName.set(name, f);
  }

  const known = rankRootBuses(parts.rootBuses);
  const below = new Map<string | null, LooseFunction[]>();
  for (const [name, f] of byName) {
    let parent = f.parentAddress;
    if (parent !== null && !byName.has(parent)) {
      diagnostics.push(
        diagnostic(
          'warning',
          parts.source.label,
          `${name} is below ${parent}, which is not listed; taken as on a root bus`,
        ),
      );
      parent = null;
    }
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [f]);
    else siblings.push(f);
  }

  const roots = below.get(null) ?? [];
  const { ordered, leftOut } = treeOrder(sortRoots(roots, known), below, byName, nameOf);
  for (const name of leftOut) {
    diagnostics.push(diagnostic('warning', parts.source.label, `${name} is its own ancestor; taken as on a root bus`));
  }

  const indexOf = new Map<string, number>();
  ordered.forEach((f, i) => {
    indexOf.set(nameOf(f), i);
  });
  const index = (name: string | null): number => (name === null ? -1 : (indexOf.get(name) ?? -1));

  const functions = ordered.map((loose, i): PciFunction => {
    const parent = index(loose.parentAddress);
    const physicalFunction = index(loose.physicalFunctionAddress);
    const dmaDevice = index(loose.dmaDeviceAddress);
    // A parent comes first in tree order; anything else was cut loose above.
    return link(memory, loose, parent < i ? parent : -1, physicalFunction, dmaDevice);
  });

  return Object.freeze({
    source: parts.source,
    functions: Object.freeze(functions),
    rootBuses: Object.freeze(rootBusesOf(functions)),
    rootBusOrderKnown: parts.rootBuses !== undefined,
    others: Object.freeze(
      parts.others.map(({ parentAddress, ...other }) => Object.freeze({ ...other, parent: index(parentAddress) })),
    ),
    firmware: parts.firmware,
    kernel: parts.kernel,
    diagnostics: Object.freeze(diagnostics),
  });
}

const busKey = (a: Pick<PciAddress, 'segment' | 'bus'>): number => a.segment * 256 + a.bus;

function rankRootBuses(rootBuses: readonly RootBus[] | undefined): Map<number, number> {
  return new Map((rootBuses ?? []).map((r, rank) => [busKey(r), rank]));
}

/** Host bridges in discovery order where it is known, the others after them by number. */
function sortRoots(roots: LooseFunction[], rank: Map<number, number>): LooseFunction[] {
  const order = (f: LooseFunction): number => rank.get(busKey(f)) ?? Number.MAX_SAFE_INTEGER;
  return roots.sort((a, b) => order(a) - order(b) || busKey(a) - busKey(b) || a.devfn - b.devfn);
}

/** Whole busses first, then bridge by bridge what is below: the order in which Linux adds devices (pci_scan_child_bus). */
function treeOrder(
  roots: readonly LooseFunction[],
  below: Map<string | null, LooseFunction[]>,
  all: Map<string, LooseFunction>,
  nameOf: (f: LooseFunction) => string,
): { ordered: LooseFunction[]; leftOut: string[] } {
  const ordered: LooseFunction[] = [];
  const placed = new Set<LooseFunction>();
  // An explicit stack: a hostile tree may be deeper than the call stack.
  const pending: LooseFunction[][] = [];
  const pushRoots = (functions: readonly LooseFunction[]): void => {
    // Functions of one root bus are adjacent; the last bus goes to the bottom of the stack.
    const busses: LooseFunction[][] = [];
    for (const f of functions) {
      const last = busses.at(-1);
      if (last !== undefined && busKey(last[0] as LooseFunction) === busKey(f)) last.push(f);
      else busses.push([f]);
    }
    pending.push(...busses.reverse());
  };
  const drain = (): void => {
    for (let bus = pending.pop(); bus !== undefined; bus = pending.pop()) {
      const fresh = bus.filter((f) => !placed.has(f));
      for (const f of fresh) {
        placed.add(f);
        ordered.push(f);
      }
      const deeper: LooseFunction[][] = [];
      for (const f of fresh) {
        const children = below.get(nameOf(f));
        if (children !== undefined) deeper.push(children.sort((a, b) => a.bus - b.bus || a.devfn - b.devfn));
      }
      pending.push(...deeper.reverse());
    }
  };
  pushRoots(roots);
  drain();

  const leftOut: string[] = [];
  for (const [name, f] of all) {
    if (placed.has(f)) continue;
    leftOut.push(name);
    pending.push([f]);
    drain();
  }
  return { ordered, leftOut };
}

/** The function as it was, where its relations have the same indices as before. */
function link(
  memory: AssemblyMemory,
  f: LooseFunction,
  parent: number,
  physicalFunction: number,
  dmaDevice: number,
): PciFunction {
  const known = memory.get(f);
  const before = known?.linked;
  if (
    before !== undefined &&
    before.parent === parent &&
    before.physicalFunction === physicalFunction &&
    before.dmaDevice === dmaDevice
  ) {
    return before;
  }
  const made = linked(f, parent, physicalFunction, dmaDevice);
  if (known !== undefined) known.linked = made;
  return made;
}

/** Every field by name: an object made by spreading gets a hash table from V8, larger and slower to read. */
function linked(f: LooseFunction, parent: number, physicalFunction: number, dmaDevice: number): PciFunction {
  return Object.freeze({
    segment: f.segment,
    bus: f.bus,
    devfn: f.devfn,
    parent,
    physicalFunction,
    dmaDevice,
    vendor: f.vendor,
    device: f.device,
    subsystemVendor: f.subsystemVendor,
    subsystemDevice: f.subsystemDevice,
    revision: f.revision,
    classCode: f.classCode,
    headerType: f.headerType,
    multifunctionBit: f.multifunctionBit,
    bridge: f.bridge,
    express: f.express,
    acs: f.acs,
    ats: f.ats,
    pasid: f.pasid,
    pri: f.pri,
    sriov: f.sriov,
    msi: f.msi,
    msix: f.msix,
    advancedFeatures: f.advancedFeatures,
    powerManagement: f.powerManagement,
    serialNumber: f.serialNumber,
    config: f.config,
    host: f.host,
  });
}

function rootBusesOf(functions: readonly PciFunction[]): RootBus[] {
  const seen = new Map<number, RootBus>();
  for (const f of functions) {
    if (f.parent === -1 && f.physicalFunction === -1 && !seen.has(busKey(f))) {
      seen.set(busKey(f), Object.freeze({ segment: f.segment, bus: f.bus }));
    }
  }
  return [...seen.values()];
}
