/**
 * @module What the text tells of the kernel: its groups, where it prints them. The rest is unknown.
 */
import { type FirmwareFacts, type KernelFacts, type KernelGroup, unknown } from '@isogroups/pci';
import type { PlacedFunction } from './addresses.ts';
import { groupOf } from './host-facts.ts';

const NOT_IN_TEXT = unknown('lspci does not tell', 'a snapshot of the machine (isogroups capture)');

export const UNKNOWN_FIRMWARE: FirmwareFacts = Object.freeze({
  dmar: NOT_IN_TEXT,
  ivrs: NOT_IN_TEXT,
  iort: NOT_IN_TEXT,
  viot: NOT_IN_TEXT,
  mcfg: NOT_IN_TEXT,
  deviceTree: NOT_IN_TEXT,
});

export function kernelFacts(placed: readonly PlacedFunction[]): KernelFacts {
  const members = new Map<number, string[]>();
  for (const { described, name } of placed) {
    const id = groupOf(described.block);
    if (id === undefined) continue;
    const group = members.get(id);
    if (group === undefined) members.set(id, [name]);
    else if (!group.includes(name)) group.push(name);
  }
  const groups = [...members].map(
    ([id, names]): KernelGroup =>
      Object.freeze({ id, members: Object.freeze(names), type: NOT_IN_TEXT, reservedRegions: NOT_IN_TEXT }),
  );
  return Object.freeze({
    release: NOT_IN_TEXT,
    version: NOT_IN_TEXT,
    commandLine: NOT_IN_TEXT,
    log: NOT_IN_TEXT,
    architecture: NOT_IN_TEXT,
    groups:
      groups.length > 0
        ? Object.freeze(groups.sort((a, b) => a.id - b.id))
        : unknown('the text has no IOMMU group lines', 'run lspci 3.7 or newer with -v'),
    iommuUnits: NOT_IN_TEXT,
  });
}
