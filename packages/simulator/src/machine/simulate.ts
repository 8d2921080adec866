/**
 * @module A machine from a description: addresses given, registers written, firmware tables made.
 */
import {
  type Diagnostic,
  decodeDmar,
  decodeIvrs,
  decodeMcfg,
  diagnostic,
  type FirmwareFacts,
  known,
} from '@isogroups/pci';
import type { Description } from '../language/description.ts';
import { DescriptionError } from '../language/description-error.ts';
import { findFault } from '../language/find-fault.ts';
import { parseDescription } from '../language/parse-description.ts';
import { namesIn } from '../language/walk-description.ts';
import { NARROW_WINDOW, RAM, WIDE_WINDOW } from './address-map.ts';
import { assignAddresses } from './assign-addresses.ts';
import { buildFunctions, createLabels, type Labels } from './build-functions.ts';
import { createMachine } from './create-machine.ts';
import type { SimulatedDriver } from './driver.ts';
import { buildFirmwareTables, type FirmwareTables, type PlacedRoot } from './firmware-tables.ts';
import { kernelOf } from './kernel-of.ts';
import { busNumbers, placeOnBus } from './place-functions.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { stockDriver, stockDrivers, wantedDriver } from './stock-drivers.ts';
import { busName, type LiveRoot, treeOrder } from './tree-order.ts';

/**
 * Builds the machine that a text in the language of machines describes (docs/language-of-machines.md), or a description
 * as data.
 *
 * @throws DescriptionError for what is no machine, with the place in the text and what was expected there.
 */
export function simulate(given: string | Description): SimulatedMachine {
  const description = typeof given === 'string' ? parseDescription(given) : checked(given);
  let domains = 0;
  const placed = placeRoots(description, () => domains++);
  const labels = createLabels(namesIn(description.roots.flatMap((root) => root.slots.flat())));
  const roots = placed.map((root) => liveRoot(root, labels));
  const tables = buildFirmwareTables(description.iommu, description.express, placed);
  const diagnostics: Diagnostic[] = [];
  const firmware = decodeTables(tables);
  for (const f of assignAddresses(
    roots.flatMap((root) => root.functions),
    { narrow: [NARROW_WINDOW], wide: [WIDE_WINDOW] },
  )) {
    diagnostics.push(
      diagnostic('warning', f.name, 'the address space is full; this function or what is below it has no address'),
    );
  }
  const drivers = bindFromTheStart(roots);
  const units = known(firmware.dmar)?.drhds.length ?? known(firmware.ivrs)?.ivhds.length ?? 0;
  return createMachine({
    source: Object.freeze({ kind: 'synthetic', label: 'simulated machine' }),
    roots,
    rootBusOrderKnown: true,
    express: description.express,
    iommu: description.iommu.kind,
    firmware,
    tables,
    kernel: kernelOf(description, roots, units),
    memory: RAM,
    labels,
    diagnostics,
    others: [],
    files: undefined,
    groupsAreCaptured: false,
    nextDomain: domains,
    generation: 0,
    structure: 0,
    drivers,
    listeners: new Set(),
  });
}

function checked(description: Description): Description {
  const fault = findFault(description);
  if (fault !== undefined) throw new DescriptionError(fault.says);
  return description;
}

function placeRoots({ roots, express }: Description, nextDomain: () => number): readonly PlacedRoot[] {
  return roots.map(({ segment, bus, slots }) => {
    // Numbers up to the next root bus of the segment.
    const above = roots.filter((r) => r.segment === segment && r.bus > bus).map((r) => r.bus);
    const last = Math.min(256, ...above) - 1;
    const functions = placeOnBus(slots, {
      kind: express ? 'root' : 'conventional',
      segment,
      bus,
      express,
      taken: new Set(),
      numbers: busNumbers(bus + 1, last, `the root bus ${busName({ segment, bus })}`),
      nextDomain,
    });
    return { segment, bus, functions };
  });
}

function liveRoot({ segment, bus, functions }: PlacedRoot, labels: Labels): LiveRoot {
  return {
    segment,
    bus,
    functions: [...buildFunctions(functions, { parent: undefined, dmaFunction: undefined }, labels)],
  };
}

/** As after boot: every driver has what it is for. */
function bindFromTheStart(roots: readonly LiveRoot[]): SimulatedDriver[] {
  const drivers = new Map(stockDrivers().map((driver) => [driver.name, driver]));
  for (const f of treeOrder(roots)) {
    const name = wantedDriver(f);
    if (name === undefined) continue;
    const driver = drivers.get(name) ?? stockDriver(name);
    drivers.set(name, driver);
    f.driver = driver;
  }
  return [...drivers.values()];
}

function decodeTables(tables: FirmwareTables): FirmwareFacts {
  const decoded = <T>(
    signature: string,
    decode: (bytes: Uint8Array, file: string) => { table: T | undefined },
  ): T | null => {
    const bytes = tables.get(signature);
    return bytes === undefined ? null : (decode(bytes, signature).table ?? null);
  };
  return Object.freeze({
    dmar: decoded('DMAR', decodeDmar),
    ivrs: decoded('IVRS', decodeIvrs),
    mcfg: decoded('MCFG', decodeMcfg),
    iort: null,
    viot: null,
    deviceTree: null,
  });
}
