/**
 * @module Serial consoles on cards that leave.
 */
import type { MachineTree } from '@isogroups/inventory';
import { targetOf, textAt } from '../../files.ts';
import type { Leaving } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';

const CONSOLES = 'proc/consoles';
const TERMINALS = 'sys/class/tty';

export function consoleLosses(tree: MachineTree, leaving: Leaving): readonly Loss[] {
  const names = (textAt(tree, CONSOLES) ?? '').split('\n').flatMap((line) => line.split(/\s/)[0] || []);
  const owners = new Map(names.map((name) => [name, leaving.deviceOf(targetOf(tree, TERMINALS, name) ?? '')]));
  const stay = names.filter((name) => owners.get(name) === undefined);
  return names.flatMap((name): readonly Loss[] => {
    const device = owners.get(name);
    if (device === undefined) return [];
    const shown = [evidence(CONSOLES, name), evidence(`${TERMINALS}/${name}`, `below ${device}`)];
    const says = `the kernel writes its messages to ${name} of ${device}`;
    const base = { kind: 'console' as const, item: `console:${name}`, device, evidence: shown };
    if (stay.length === 0) return [loss({ ...base, effect: 'lost', says: `${says}, and to no other console` })];
    return [
      loss({
        ...base,
        effect: 'degraded',
        says: `${says}; ${stay.join(', ')} ${stay.length === 1 ? 'stays' : 'stay'}`,
      }),
    ];
  });
}
