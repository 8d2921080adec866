/**
 * @module Reads a machine from a tree that is shaped like a Linux root: /sys, /proc and the kernel's log.
 */
import {
  assembleMachine,
  type Diagnostic,
  diagnostic,
  formatAddress,
  isUnknown,
  type KernelFacts,
  known,
  type LooseFunction,
  type Machine,
  type MachineSource,
} from '@isogroups/pci';
import { isReadFailure, type MachineTree } from '../tree/machine-tree.ts';
import { type Reading, readText } from './attributes.ts';
import { isAddress } from './device-path.ts';
import { type PresentRootBus, rootBusOrder } from './kernel-log.ts';
import { readFirmware } from './read-firmware.ts';
import { DEVICES, readFunction } from './read-function.ts';
import { GROUPS, membership, readGroups } from './read-groups.ts';
import { readKernel } from './read-kernel.ts';
import { type FunctionDirectory, readOthers } from './read-others.ts';

export interface ReadOptions {
  /** Diagnostics of opening the tree, which come first in the machine's. */
  readonly earlier?: readonly Diagnostic[];
  /**
   * Whether `driver_override` is read, which no rule asks for (default true). Of a running machine it is read from a
   * `patientTree` only: a driver that hangs would hold up who reads it.
   */
  readonly overrides?: boolean;
}

/** Never throws: what cannot be read is unknown, what is wrong is a diagnostic. */
export function readMachine(
  tree: MachineTree,
  source: MachineSource,
  { earlier = [], overrides = true }: ReadOptions = {},
): Machine {
  const reading: Reading = { tree, source, diagnostics: [...earlier], overrides };
  const directories = readFunctions(reading);
  const found = directories.map(({ loose }) => loose);
  const groups = readGroups(reading, found);
  const functions = withMembership(reading, withParents(found), groups);
  const others = readOthers(reading, directories, groups);
  const firmware = readFirmware(reading);
  const kernel = readKernel(reading, firmware, groups);
  return assembleMachine({
    source,
    functions,
    rootBuses: rootBusOrder(kernel.log, rootBuses(reading, functions)),
    others,
    firmware,
    kernel,
    diagnostics: reading.diagnostics,
  });
}

function readFunctions(reading: Reading): FunctionDirectory[] {
  const names = reading.tree.list(DEVICES);
  if (isReadFailure(names)) {
    reading.diagnostics.push(diagnostic('error', DEVICES, `${names.message}; no PCI function is known`));
    return [];
  }
  return names.map((name) => readFunction(reading, name)).filter((f) => f !== undefined);
}

/** Gives functions whose place in /sys/devices is not known the bridge that leads to their bus. */
function withParents(functions: readonly LooseFunction[]): readonly LooseFunction[] {
  if (functions.every((f) => f.host.path !== undefined)) return functions;
  const bridgeTo = new Map<string, string>();
  for (const f of functions) {
    const numbers = known(f.bridge);
    if (numbers && numbers.secondary !== 0) bridgeTo.set(`${f.segment}:${numbers.secondary}`, formatAddress(f));
  }
  return functions.map((f) =>
    f.host.path === undefined ? { ...f, parentAddress: bridgeTo.get(`${f.segment}:${f.bus}`) ?? null } : f,
  );
}

/** Gives functions whose links are not known the group that names them, and tells of members that are no function. */
function withMembership(
  reading: Reading,
  functions: readonly LooseFunction[],
  groups: KernelFacts['groups'],
): readonly LooseFunction[] {
  const groupOf = membership(groups);
  const present = new Set(functions.map(formatAddress));
  for (const [name, group] of groupOf) {
    if (!isAddress(name) || present.has(name)) continue;
    const message = `group ${group} has the member ${name}, which is not in ${DEVICES}`;
    reading.diagnostics.push(diagnostic('warning', reading.source.label, message));
  }
  // Only a whole list of groups tells that a function is in none.
  const isWhole = reading.tree.complete && !isReadFailure(reading.tree.list(GROUPS));
  return functions.map((f) => {
    if (!isUnknown(f.host.group)) return f;
    const group = groupOf.get(formatAddress(f)) ?? (isWhole ? null : f.host.group);
    return { ...f, host: Object.freeze({ ...f.host, group }) };
  });
}

function rootBuses(reading: Reading, functions: readonly LooseFunction[]): PresentRootBus[] {
  const found = new Map<string, LooseFunction[]>();
  for (const f of functions) {
    if (f.parentAddress !== null || f.physicalFunctionAddress !== null) continue;
    const key = `${f.segment}:${f.bus}`;
    found.set(key, [...(found.get(key) ?? []), f]);
  }
  return [...found.values()].map((onBus) => {
    const { segment, bus } = onBus[0] as LooseFunction;
    return { segment, bus, hasRanges: () => onBus.some((f) => hasRanges(reading, f)) };
  });
}

const UNUSED = /^[0x\s]*$/;

/** `resource`: a line of zeros for each range that is not used. */
function hasRanges(reading: Reading, f: LooseFunction): boolean {
  const text = readText(reading.tree, `${DEVICES}/${formatAddress(f)}/resource`);
  return !isReadFailure(text) && !UNUSED.test(text);
}
