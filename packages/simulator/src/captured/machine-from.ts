/**
 * @module A simulated machine from any that was captured: the same object as from a description, over the captured facts.
 */
import type { MachineTree } from '@isogroups/inventory/parsers';
import {
  analyseTopology,
  type Diagnostic,
  diagnostic,
  formatAddress,
  isUnknown,
  known,
  type Machine,
  type PciFunction,
  PORT,
} from '@isogroups/pci';
import type { AddressRange } from '../devices/address-ranges.ts';
import type { BusKind } from '../language/bus-kind.ts';
import { RAM } from '../machine/address-map.ts';
import { byAddress, createLabels } from '../machine/build-functions.ts';
import { createMachine } from '../machine/create-machine.ts';
import type { SimulatedDriver } from '../machine/driver.ts';
import type { LiveFunction } from '../machine/live-device.ts';
import { FIRST_DOMAIN } from '../machine/place-functions.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';
import { stockDriver, stockDrivers } from '../machine/stock-drivers.ts';
import type { LiveRoot } from '../machine/tree-order.ts';
import { readMemory } from './captured-memory.ts';
import { NO_SIZES, type RangeSizes, readRangeSizes } from './range-sizes.ts';
import { synthesiseRegisters } from './synthesise-registers.ts';

/**
 * `tree`: the files that the machine was read from, which tell the sizes of address ranges and the RAM. Facts of the
 * machine are the captured ones until a register changes; what is not known stays so. What cannot be simulated, because
 * the capture does not have it, is among the diagnostics.
 */
export function machineFrom(machine: Machine, tree?: MachineTree): SimulatedMachine {
  const building = buildFunctions(machine, tree);
  const { functions, diagnostics } = building;
  const roots = rootsOf(machine, functions);
  return createMachine({
    source: machine.source,
    roots,
    rootBusOrderKnown: machine.rootBusOrderKnown,
    express: !isFromBeforeExpress(machine),
    iommu: known(machine.firmware.dmar) ? 'vtd' : known(machine.firmware.ivrs) ? 'amdvi' : 'none',
    firmware: machine.firmware,
    tables: new Map(),
    kernel: machine.kernel,
    memory: memoryOf(tree, diagnostics, machine),
    labels: createLabels(functions.flatMap((f) => [f.label, ...f.software.map((s) => s.label)])),
    diagnostics: [...machine.diagnostics, ...diagnostics],
    others: machine.others
      .filter((other) => other.parent < 0)
      .map(({ parent: _, ...other }) => ({ ...other, parentAddress: null })),
    files: tree,
    groupsAreCaptured: true,
    nextDomain: nextDomain(machine),
    generation: 0,
    structure: 0,
    drivers: [...building.drivers.values()],
    listeners: new Set(),
  });
}

interface Building {
  readonly functions: readonly LiveFunction[];
  readonly drivers: ReadonlyMap<string, SimulatedDriver>;
  readonly diagnostics: Diagnostic[];
}

function buildFunctions(machine: Machine, tree: MachineTree | undefined): Building {
  const diagnostics: Diagnostic[] = [];
  const drivers = new Map(stockDrivers().map((driver) => [driver.name, driver]));
  const driverOf = (name: string | null | undefined): SimulatedDriver | undefined => {
    if (name === null || name === undefined) return undefined;
    const driver = drivers.get(name) ?? stockDriver(name);
    drivers.set(name, driver);
    return driver;
  };
  const leadsTo = busKinds(machine);
  const sizes = machine.functions.map((f) => sizesOf(f, tree));
  if (sizes.every((s) => s === undefined) && sizes.length > 0) {
    const message = 'the source does not tell how large address ranges are: the functions answer to no address';
    diagnostics.push(diagnostic('warning', machine.source.label, message));
  }

  const live: LiveFunction[] = [];
  /** Owners of virtual functions and VMDs may stand behind those that name them. */
  const build = (i: number): LiveFunction => {
    const built = live[i];
    if (built !== undefined) return built;
    const f = machine.functions[i] as PciFunction;
    const above = (index: number): LiveFunction | undefined => (index < 0 ? undefined : build(index));
    const { registers, missing } =
      f.config === undefined ? synthesiseRegisters(f) : { registers: f.config.bytes.slice(), missing: [] };
    if (missing.length > 0) {
      const message = `not known, and so not in the simulated registers: ${missing.join(', ')}`;
      diagnostics.push(diagnostic('warning', formatAddress(f), message));
    }
    const name = formatAddress(f);
    const self: LiveFunction = {
      kind: 'function',
      bus: 'pci',
      name,
      label: name,
      address: Object.freeze({ segment: f.segment, bus: f.bus, devfn: f.devfn }),
      parent: above(f.parent),
      physicalFunction: above(f.physicalFunction),
      dmaFunction: above(f.dmaDevice),
      config: registers,
      barSizes: (sizes[i] ?? NO_SIZES).bars,
      virtualBarSizes: virtualSizes(f, sizes[i] ?? NO_SIZES),
      leadsTo: leadsTo[i],
      below: [],
      software: [],
      driver: driverOf(known(f.host.driver)),
      description: undefined,
      captured: Object.freeze({ facts: f, registers: registers.slice() }),
    };
    live[i] = self;
    return self;
  };
  machine.functions.forEach((_, i) => void build(i));
  for (const f of live) busOf(f)?.push(f);
  for (const f of live) f.below.sort(byAddress);
  for (const other of machine.others) {
    const parent = live[other.parent];
    if (parent === undefined) continue;
    const { name, subsystem } = other;
    const driver = driverOf(known(other.driver));
    const bus = subsystem ?? 'unknown';
    parent.software.push({ kind: 'software', name, label: name, bus, parent, driver, captured: other });
  }
  return { functions: live, drivers, diagnostics };
}

/** The list that the function is on below a bridge or a VMD; undefined on a root bus of the hardware. */
function busOf(f: LiveFunction): LiveFunction[] | undefined {
  return f.parent?.below ?? f.dmaFunction?.below;
}

/** What each function leads to, by its type and by what was found below it. */
function busKinds(machine: Machine): readonly (BusKind | undefined)[] {
  const topology = analyseTopology(machine);
  const vmds = new Set(machine.functions.map((f) => f.dmaDevice));
  return machine.functions.map((f, i): BusKind | undefined => {
    if (vmds.has(i)) return 'root';
    const isBridge = isUnknown(f.headerType) ? Boolean(known(f.bridge)) : f.headerType !== 0;
    if (!isBridge) return undefined;
    switch (topology.portType[i]) {
      case PORT.root:
      case PORT.downstream:
      case PORT.pciToExpress:
        return 'link';
      case PORT.upstream:
        return 'switch';
      default:
        return 'conventional';
    }
  });
}

function sizesOf(f: PciFunction, tree: MachineTree | undefined): RangeSizes | undefined {
  const { path } = f.host;
  return tree === undefined || path === undefined ? undefined : readRangeSizes(tree, path);
}

/** The kernel lists the ranges of all virtual functions together. */
function virtualSizes(f: PciFunction, { virtual }: RangeSizes): readonly number[] {
  const total = known(known(f.sriov)?.totalVfs ?? 0) ?? 0;
  return Object.freeze(virtual.map((size) => (total > 0 ? Math.floor(size / total) : 0)));
}

/** Root busses of the hardware, in the order in which the capture has them. */
function rootsOf(machine: Machine, functions: readonly LiveFunction[]): readonly LiveRoot[] {
  const roots = new Map<string, LiveRoot>();
  for (const { segment, bus } of machine.rootBuses) roots.set(`${segment}:${bus}`, { segment, bus, functions: [] });
  const used: LiveRoot[] = [];
  for (const f of functions) {
    if (busOf(f) !== undefined) continue;
    const { segment, bus } = (f.physicalFunction ?? f).address;
    const root = roots.get(`${segment}:${bus}`) as LiveRoot;
    if (root.functions.length === 0) used.push(root);
    root.functions.push(f);
  }
  for (const root of used) root.functions.sort(byAddress);
  return used;
}

function isFromBeforeExpress({ firmware, functions }: Machine): boolean {
  const { mcfg, deviceTree, iort } = firmware;
  return mcfg === null && deviceTree === null && iort === null && functions.every((f) => f.express === null);
}

function memoryOf(
  tree: MachineTree | undefined,
  diagnostics: Diagnostic[],
  { source }: Machine,
): readonly AddressRange[] {
  const found = tree === undefined ? undefined : readMemory(tree);
  if (found !== undefined) return found;
  const message = 'the source does not tell where the memory is: taken to be 4 GiB, at 0 and at 4 GiB';
  diagnostics.push(diagnostic('warning', source.label, message));
  return RAM;
}

function nextDomain({ functions }: Machine): number {
  return functions.reduce((next, f) => Math.max(next, f.segment - FIRST_DOMAIN + 1), 0);
}
