/**
 * @module The files that a Linux on the machine would show, and a snapshot of it would hold: what the inventory reads.
 *
 * Groups are those of the capture as long as nothing was plugged in or out, and else what the replay of the kernel's rules
 * makes of the machine as it is: a Linux that was started on it now.
 */
import type { TreeEntry } from '@isogroups/inventory/parsers';
import type { Machine, PciFunction } from '@isogroups/pci';
import type { LiveFunction } from '../machine/live-device.ts';
import type { MachineState } from '../machine/machine-state.ts';
import { treeOrder } from '../machine/tree-order.ts';
import { copyCaptured } from './copy-captured.ts';
import { createTreeWriter } from './tree-writer.ts';
import { writeFunction } from './write-function.ts';
import { writeGroups, writeKernel, writeTables, writeUnits } from './write-kernel.ts';

/** In the order of their paths. `machine`: the facts of `state`. */
export function machineFiles(state: MachineState, machine: Machine): readonly TreeEntry[] {
  const writer = createTreeWriter();
  const live = treeOrder(state.roots);
  writer.directory('sys/bus/pci/devices');
  if (state.files !== undefined) copyCaptured(writer, state.files, machine);
  else {
    writeKernel(writer, machine, state.memory);
    if (state.tables.size > 0 || live.every((f) => f.captured === undefined)) writeTables(writer, state.tables);
    writeUnits(writer, machine, live);
  }
  machine.functions.forEach((f: PciFunction, i) => {
    writeFunction(writer, machine, f, live[i] as LiveFunction);
  });
  writeGroups(writer, machine);
  return writer.entries();
}
