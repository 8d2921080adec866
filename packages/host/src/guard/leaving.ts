/**
 * @module The functions that leave the host, and whether a device of sysfs goes with one of them.
 */
import type { MachineTree } from '@isogroups/inventory';
import { lastPart, namesAt, targetOf, textAt } from '../files.ts';

export const PCI_DEVICES = 'sys/bus/pci/devices';

export interface Leaving {
  /** Addresses: the members that are no bridges, and the virtual functions that go away with them. */
  readonly devices: readonly string[];
  /** The function that a path of `sys/devices` lies below, if that function leaves. */
  deviceOf(path: string): string | undefined;
  /** Virtual functions by the physical function that makes them. */
  readonly virtualFunctions: ReadonlyMap<string, readonly string[]>;
}

/** Bridges stay: they are never bound to VFIO, and what is behind them is named by itself. */
const BRIDGE = /^0x06(?:04|09)/;

/** @param members PCI addresses as sysfs writes them. */
export function leavingOf(tree: MachineTree, members: readonly string[]): Leaving {
  const ends = members.filter((m) => !BRIDGE.test(textAt(tree, `${PCI_DEVICES}/${m}/class`) ?? ''));
  const virtualFunctions = new Map(ends.map((m) => [m, virtualFunctionsOf(tree, m)] as const));
  const devices = [...new Set([...ends, ...[...virtualFunctions.values()].flat()])];
  const set = new Set(devices);
  return {
    devices,
    virtualFunctions,
    deviceOf: (path) => path.split('/').find((part) => set.has(part)),
  };
}

function virtualFunctionsOf(tree: MachineTree, device: string): readonly string[] {
  const directory = `${PCI_DEVICES}/${device}`;
  return namesAt(tree, directory).flatMap((name) => {
    if (!/^virtfn\d+$/.test(name)) return [];
    const target = targetOf(tree, directory, name);
    return target === undefined ? [] : [lastPart(target)];
  });
}
