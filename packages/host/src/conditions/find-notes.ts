/**
 * @module What to know about devices that are handed over, and what refuses nothing.
 */
import type { MachineTree } from '@isogroups/inventory';
import { type Analysis, type KernelGroup, known } from '@isogroups/pci';
import { lockedMemoryLimit } from './locked-memory.ts';

/**
 * Sentences without a full stop, from the facts of the machine alone.
 *
 * @param moving parties that are handed over
 * @param groups the kernel's groups that go along
 * @param nameOf how the sentences call a party
 */
export function handoverNotes(
  { machine }: Analysis,
  moving: readonly number[],
  groups: readonly KernelGroup[],
  nameOf: (party: number) => string,
): readonly string[] {
  const identity = groups.filter((g) => known(g.type) === 'identity').map((g) => g.id);
  const physical = new Set(moving.map((p) => machine.functions[p]?.physicalFunction ?? -1));
  const stay = [...physical].filter((p) => p >= 0 && !moving.includes(p)).map(nameOf);
  return [
    ...identity.map(
      (id) => `kernel group ${id} is not translated while the host has it (identity); that is not in the way`,
    ),
    ...stay.map(
      (name) => `the physical function ${name} stays with the host, whose driver can take its virtual functions away`,
    ),
  ];
}

const MEBIBYTE = 1024 * 1024;

/** @param user a name that may be that of a user of the machine */
export function lockedMemoryNotes(tree: MachineTree, user: string): readonly string[] {
  const limit = lockedMemoryLimit(tree, user);
  if (limit === undefined) return [];
  const size = `${Math.floor(limit.bytes / MEBIBYTE)} MiB`;
  return [
    `${user} may lock ${size} of memory (${limit.file}), and VFIO locks all memory of a guest: give it "${user} - memlock <KiB>" in /etc/security/limits.d`,
  ];
}
