/**
 * @module Whether the running kernel has the drivers of VFIO: built in, loaded, or to be loaded.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../files.ts';

/** `unknown`: the lists of the kernel's modules are not there. */
export type ModulePresence = 'loaded' | 'built-in' | 'loadable' | 'absent' | 'unknown';

/** @param name with hyphens or underscores, which mean the same */
export function modulePresence(tree: MachineTree, release: string | undefined, name: string): ModulePresence {
  const underscored = name.replaceAll('-', '_');
  if (namesAt(tree, `sys/module/${underscored}`).length > 0) return 'loaded';
  if (release === undefined) return 'unknown';
  const directory = ['lib/modules', 'usr/lib/modules']
    .map((d) => `${d}/${release}`)
    .find((d) => namesAt(tree, d).length > 0);
  if (directory === undefined) return 'unknown';
  const pattern = underscored.replaceAll('_', '[-_]');
  if (new RegExp(`/${pattern}\\.ko$`, 'm').test(textAt(tree, `${directory}/modules.builtin`) ?? '')) return 'built-in';
  const loadable = textAt(tree, `${directory}/modules.dep`);
  if (loadable === undefined) return 'unknown';
  return new RegExp(`/${pattern}\\.ko(?:\\.\\w+)?:`, 'm').test(loadable) ? 'loadable' : 'absent';
}
