/**
 * @module Other functions that go when a function leaves: its virtual functions, and what hangs behind Intel VMD.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, targetOf } from '../files.ts';
import { type Leaving, PCI_DEVICES } from './leaving.ts';
import { evidence, type Loss, loss } from './loss.ts';

/** @param members what the caller named: virtual functions among them are no surprise */
export function functionLosses(tree: MachineTree, leaving: Leaving, members: readonly string[]): readonly Loss[] {
  const named = new Set(members);
  return [...virtualFunctions(leaving, named), ...behind(tree, leaving, named)];
}

function virtualFunctions(leaving: Leaving, named: ReadonlySet<string>): readonly Loss[] {
  return [...leaving.virtualFunctions].flatMap(([device, all]): readonly Loss[] => {
    const others = all.filter((vf) => !named.has(vf));
    if (others.length === 0) return [];
    const says = `${device} has ${count(others)} that nobody named (${others.join(', ')}): ${others.length === 1 ? 'it goes' : 'they go'} away with its driver`;
    const shown = others.map((vf) => evidence(`${PCI_DEVICES}/${device}`, `a virtfn link leads to ${vf}`));
    const item = `virtual-functions:${device}`;
    return [loss({ kind: 'virtual-functions', item, device, effect: 'lost', says, evidence: shown })];
  });
}

const count = (all: readonly string[]): string => `${all.length} virtual function${all.length === 1 ? '' : 's'}`;

function behind(tree: MachineTree, leaving: Leaving, named: ReadonlySet<string>): readonly Loss[] {
  const below = new Map<string, string[]>();
  for (const name of namesAt(tree, PCI_DEVICES)) {
    const path = targetOf(tree, PCI_DEVICES, name);
    const device = path === undefined || named.has(name) ? undefined : leaving.deviceOf(path);
    if (device === undefined || device === name) continue;
    below.set(device, [...(below.get(device) ?? []), name]);
  }
  return Array.from(below, ([device, names]) =>
    loss({
      kind: 'functions-behind',
      item: `functions-behind:${device}`,
      device,
      effect: 'lost',
      says: `${names.join(', ')} ${names.length === 1 ? 'hangs' : 'hang'} behind ${device} and ${names.length === 1 ? 'goes' : 'go'} away with its driver`,
      evidence: names.map((name) => evidence(`${PCI_DEVICES}/${name}`, `below ${device}`)),
    }),
  );
}
