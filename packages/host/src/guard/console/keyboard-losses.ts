/**
 * @module The last keyboard, behind a USB controller that leaves.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, targetOf, textAt } from '../../files.ts';
import type { Leaving } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';

const INPUT = 'sys/class/input';

/** Keys 1 to 31 (escape, digits, the upper row of letters): what udev takes for a keyboard; a power button has fewer. */
const FULL = 0xfffffffen;

interface Keyboard {
  readonly file: string;
  readonly name: string;
  /** Made by software or Bluetooth: what carries it is not seen. */
  readonly virtual: boolean;
  readonly device: string | undefined;
}

export function keyboardLosses(tree: MachineTree, leaving: Leaving): readonly Loss[] {
  const all = keyboards(tree, leaving);
  const gone = all.filter((k) => k.device !== undefined);
  const stay = all.filter((k) => k.device === undefined);
  const [first] = gone;
  if (first?.device === undefined || stay.some((k) => !k.virtual)) return [];
  const base = {
    kind: 'keyboard' as const,
    item: 'keyboard',
    device: first.device,
    evidence: gone.map((k) => evidence(k.file, `${k.name}, behind ${k.device}`)),
  };
  const says = `the last keyboard (${first.name}) is behind ${first.device}`;
  if (stay.length === 0) return [loss({ ...base, effect: 'lost', says })];
  const others = stay.map((k) => k.name).join(', ');
  return [
    loss({
      ...base,
      effect: 'undecided',
      says: `${says}, unless ${others} is one that somebody types on`,
      decidedBy: 'look at the machine: is there a keyboard that does not hang on this controller?',
    }),
  ];
}

function keyboards(tree: MachineTree, leaving: Leaving): readonly Keyboard[] {
  return namesAt(tree, INPUT).flatMap((entry): Keyboard[] => {
    if (!/^input\d+$/.test(entry)) return [];
    const directory = `${INPUT}/${entry}`;
    const path = targetOf(tree, INPUT, entry);
    const lowest = textAt(tree, `${directory}/capabilities/key`)?.split(' ').at(-1) ?? '';
    if (path === undefined || !/^[0-9a-f]{1,16}$/.test(lowest) || (BigInt(`0x${lowest}`) & FULL) !== FULL) return [];
    return [
      {
        file: `${directory}/capabilities/key`,
        name: textAt(tree, `${directory}/name`) ?? entry,
        virtual: path.startsWith('sys/devices/virtual/'),
        device: leaving.deviceOf(path),
      },
    ];
  });
}
