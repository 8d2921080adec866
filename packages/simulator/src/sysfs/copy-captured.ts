/**
 * @module Files of a capture that a simulation has no other way to tell: attributes of functions, firmware, the kernel's
 * own.
 */
import { isReadFailure, type MachineTree, type TreeEntry } from '@isogroups/inventory/parsers';
import { formatAddress, type Machine } from '@isogroups/pci';
import type { TreeWriter } from './tree-writer.ts';

const WHOLE = [
  'dmesg.txt',
  'missing.txt',
  'proc',
  'sys/class/iommu',
  'sys/devices/virtual/iommu',
  'sys/firmware',
] as const;

export function copyCaptured(writer: TreeWriter, files: MachineTree, machine: Machine): void {
  for (const path of WHOLE) copyBelow(writer, files, path);
  for (const f of machine.functions) {
    const { path } = f.host;
    // A function that was plugged in later has no files there, or those of one that was there before.
    if (path === undefined || isReadFailure(files.readLink(`sys/bus/pci/devices/${formatAddress(f)}`))) continue;
    copyAttributes(writer, files, path);
  }
}

/** Without links, and without what is below: both are written as they are now. */
function copyAttributes(writer: TreeWriter, files: MachineTree, path: string): void {
  const names = files.list(path);
  if (isReadFailure(names)) return;
  for (const name of names) {
    const entry = fileAt(files, `${path}/${name}`);
    if (entry !== undefined) writer.copy(entry);
  }
}

function fileAt(files: MachineTree, path: string): TreeEntry | undefined {
  if (!isReadFailure(files.readLink(path))) return undefined;
  const bytes = files.readBytes(path);
  return isReadFailure(bytes) ? undefined : { kind: 'file', path, bytes };
}

/** Nothing in these directories is deeper. */
const DEEPEST = 16;

function copyBelow(writer: TreeWriter, files: MachineTree, path: string, depth = 0): void {
  const target = files.readLink(path);
  if (!isReadFailure(target)) {
    writer.copy({ kind: 'link', path, target });
    return;
  }
  const names = files.list(path);
  if (isReadFailure(names)) {
    const entry = fileAt(files, path);
    if (entry !== undefined) writer.copy(entry);
    return;
  }
  writer.directory(path);
  if (depth < DEEPEST) for (const name of names) copyBelow(writer, files, `${path}/${name}`, depth + 1);
}
