/**
 * @module The module of a driver: how often it is in use, and by which other modules.
 */
import type { MachineTree } from '@isogroups/inventory';
import { lastPart, namesAt, targetOf, textAt } from '../files.ts';

export interface ModuleUse {
  readonly name: string;
  /** null: the kernel does not count (a module that cannot be unloaded). */
  readonly uses: number | null;
  readonly usedBy: readonly string[];
}

/** @returns undefined for a driver that is built in. */
export function moduleUse(tree: MachineTree, driver: string): ModuleUse | undefined {
  const target = targetOf(tree, `sys/bus/pci/drivers/${driver}`, 'module');
  if (target === undefined) return undefined;
  const name = lastPart(target);
  const count = Number(textAt(tree, `sys/module/${name}/refcnt`) ?? Number.NaN);
  return {
    name,
    uses: Number.isInteger(count) && count >= 0 ? count : null,
    usedBy: namesAt(tree, `sys/module/${name}/holders`),
  };
}
