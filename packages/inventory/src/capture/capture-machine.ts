/**
 * @module Takes a snapshot of a machine: the files that tell of its isolation, read through the port.
 */
import { parseAddress } from '@isogroups/pci';
import { joinLink } from '../sysfs/device-path.ts';
import { findKernelLog, KERNEL_LOG } from '../sysfs/find-kernel-log.ts';
import { ACPI_TABLES, FLATTENED_DEVICE_TREE, firstInstance } from '../sysfs/read-firmware.ts';
import { DEVICES } from '../sysfs/read-function.ts';
import { GROUPS } from '../sysfs/read-groups.ts';
import { CHILD_DEVICE } from '../sysfs/read-others.ts';
import { encodeText } from '../tree/encode-text.ts';
import { isReadFailure, type MachineTree } from '../tree/machine-tree.ts';
import {
  BUS_FILES,
  BUS_LINKS,
  DEVICE_LINKS,
  FUNCTION_FILES,
  GROUP_FILES,
  IOMMU_DIRECTORIES,
  OTHER_DEVICE_FILES,
  PROC_FILES,
  SLOT_FILES,
  TABLES,
  VIRTUAL_FUNCTION_LINK,
} from './captured-names.ts';
import { type Capture, Collection } from './collection.ts';

export interface CaptureOptions {
  /** Removes what identifies this one machine or its owner; what the grouping depends on stays as it is. */
  readonly redact: boolean;
}

/** Never throws; what cannot be read is listed. */
export function captureMachine(tree: MachineTree, options: CaptureOptions): Capture {
  const taken = new Collection(tree, options.redact);
  const functions = taken.list(DEVICES) ?? [];
  for (const name of functions) {
    if (parseAddress(name) !== undefined) captureLinked(taken, DEVICES, name, captureFunction);
  }
  captureSlots(taken);
  captureGroups(taken);
  captureIommus(taken);
  captureFirmware(taken);
  for (const file of PROC_FILES) taken.file(file);
  captureLog(taken);
  return taken.finish(functions.length);
}

/** Takes the link `directory/name` and what it leads to; where it is no link (a copy that followed links), the directory. */
function captureLinked(
  taken: Collection,
  directory: string,
  name: string,
  capture: (taken: Collection, path: string) => void,
): void {
  const target = taken.link(`${directory}/${name}`);
  const path = target === undefined ? `${directory}/${name}` : joinLink(directory, target);
  if (path !== undefined && taken.firstTime(path)) capture(taken, path);
}

function captureFunction(taken: Collection, path: string): void {
  const names = taken.list(path) ?? [];
  taken.files(path, names, FUNCTION_FILES);
  taken.links(path, names, (name) => DEVICE_LINKS.includes(name) || VIRTUAL_FUNCTION_LINK.test(name));
  captureBusses(taken, path, names);
  captureRootBus(taken, path);
  for (const name of names) {
    if (CHILD_DEVICE.test(name)) captureOtherDevice(taken, `${path}/${name}`);
  }
}

/** The root bus `pci0000:00`, the first time that something below it is captured. */
function captureRootBus(taken: Collection, path: string): void {
  const parts = path.split('/');
  const at = parts.findLastIndex((part) => /^pci[0-9a-f]{4,8}:[0-9a-f]{2}$/.test(part));
  const root = parts.slice(0, at + 1).join('/');
  if (at === -1 || !taken.firstTime(root)) return;
  const names = taken.tryList(root);
  taken.links(root, names, (name) => DEVICE_LINKS.includes(name));
  captureBusses(taken, root, names);
}

function captureBusses(taken: Collection, path: string, names: readonly string[]): void {
  if (!names.includes('pci_bus')) return;
  for (const bus of taken.tryList(`${path}/pci_bus`)) {
    const directory = `${path}/pci_bus/${bus}`;
    const inside = taken.tryList(directory);
    taken.files(directory, inside, BUS_FILES);
    taken.links(directory, inside, (name) => BUS_LINKS.includes(name));
  }
}

function captureOtherDevice(taken: Collection, path: string): void {
  const names = taken.list(path) ?? [];
  taken.files(path, names, OTHER_DEVICE_FILES);
  taken.links(path, names, (name) => DEVICE_LINKS.includes(name));
}

function captureSlots(taken: Collection): void {
  const directory = 'sys/bus/pci/slots';
  for (const slot of taken.tryList(directory)) {
    const path = `${directory}/${slot}`;
    const names = taken.tryList(path);
    taken.files(path, names, SLOT_FILES);
    taken.links(path, names, (name) => SLOT_FILES.includes(name));
  }
}

function captureGroups(taken: Collection): void {
  for (const group of taken.list(GROUPS) ?? []) {
    const path = `${GROUPS}/${group}`;
    taken.files(path, taken.list(path) ?? [], GROUP_FILES);
    const devices = `${path}/devices`;
    for (const member of taken.list(devices) ?? []) {
      // PCI functions have been captured with all that they have.
      captureLinked(taken, devices, member, captureOtherDevice);
    }
  }
}

function captureIommus(taken: Collection): void {
  const directory = 'sys/class/iommu';
  for (const unit of taken.list(directory) ?? []) captureLinked(taken, directory, unit, captureIommu);
}

function captureIommu(taken: Collection, path: string): void {
  const names = taken.list(path) ?? [];
  taken.links(path, names, (name) => BUS_LINKS.includes(name));
  for (const [name, files] of Object.entries(IOMMU_DIRECTORIES)) {
    if (names.includes(name)) taken.files(`${path}/${name}`, taken.tryList(`${path}/${name}`), files);
  }
  if (names.includes('devices')) taken.links(`${path}/devices`, taken.tryList(`${path}/devices`), () => true);
}

function captureFirmware(taken: Collection): void {
  const names = taken.list('sys/firmware') ?? [];
  // Not its content, which is in the flattened tree: that it is there tells that the machine has one.
  if (names.includes('devicetree')) taken.directory('sys/firmware/devicetree');
  if (names.includes('acpi')) {
    const tables = taken.list(ACPI_TABLES) ?? [];
    for (const signature of TABLES) {
      const table = firstInstance(tables, signature);
      if (table !== undefined) taken.file(`${ACPI_TABLES}/${table}`);
    }
  }
  if (names.includes('fdt')) taken.file(FLATTENED_DEVICE_TREE);
}

function captureLog(taken: Collection): void {
  const log = findKernelLog(taken.tree);
  if (isReadFailure(log)) taken.miss(KERNEL_LOG, log);
  else taken.content(KERNEL_LOG, encodeText(`${log.text}\n`));
}
