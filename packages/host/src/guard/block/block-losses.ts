/**
 * @module What the host would lose with its disks.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { worst } from '../fate.ts';
import { type Leaving, PCI_DEVICES } from '../leaving.ts';
import { type Loss, loss } from '../loss.ts';
import { unreadLoss } from '../unread.ts';
import { NUMBERS } from './block-devices.ts';
import { bootLosses } from './boot-losses.ts';
import { exportLosses } from './export-losses.ts';
import type { FileSystems } from './file-systems.ts';
import { fstabLosses } from './fstab-losses.ts';
import { journalLosses } from './journal-losses.ts';
import { mountLosses } from './mount-losses.ts';
import { type MountNamespace, OWN_MOUNTS } from './mount-namespaces.ts';
import { stackLosses } from './stack-losses.ts';
import { swapLosses } from './swap-losses.ts';

export function blockLosses(
  tree: MachineTree,
  leaving: Leaving,
  systems: FileSystems | ReadFailure,
  namespaces: readonly MountNamespace[] | ReadFailure,
): readonly Loss[] {
  if (isReadFailure(systems)) return unread(leaving.devices.find(isStorage(tree)), 'block-devices', NUMBERS, systems);
  const affected = worst(systems.stack.devices.all.map(({ name }) => systems.stack.fateOf(name)));
  if (affected.kind === 'stays') return [];
  return oncePerPlace([
    ...(isReadFailure(namespaces)
      ? unread(affected.way.device, 'mounts', OWN_MOUNTS, namespaces)
      : mountLosses(systems, namespaces)),
    ...swapLosses(tree, systems),
    ...fstabLosses(tree, systems),
    ...bootLosses(tree, systems),
    ...exportLosses(tree, systems),
    ...journalLosses(tree, systems),
    ...stackLosses(tree, systems, isReadFailure(namespaces) ? [] : namespaces.flatMap(({ mounts }) => mounts)),
  ]);
}

function unread(device: string | undefined, area: string, file: string, failure: ReadFailure): readonly Loss[] {
  if (device === undefined) return [];
  return [unreadLoss({ device, area, question: `whether the host uses disks of ${device}`, file, failure })];
}

/** USB controllers too: there may be disks behind them. */
function isStorage(tree: MachineTree): (device: string) => boolean {
  return (device) => /^0x(?:01|0c03|ff)/.test(textAt(tree, `${PCI_DEVICES}/${device}/class`) ?? '0xff');
}

/**
 * What is mounted is named once: the entry of /etc/fstab that made it, and the loader's `root=`, are further evidence, so
 * that one name overrides the thing.
 */
function oncePerPlace(losses: readonly Loss[]): readonly Loss[] {
  const found = new Map<string, Loss>();
  for (const one of losses) {
    const place = one.item === 'boot:root' ? 'mount:/' : one.item.replace(/^fstab:(?=\/)/, 'mount:');
    const before = found.get(place);
    if (before === undefined) found.set(one.item, one);
    else if (place !== one.item) {
      const [own] = one.evidence;
      found.set(place, loss({ ...before, evidence: own === undefined ? before.evidence : [own, ...before.evidence] }));
    }
  }
  return [...found.values()];
}
