/**
 * @module Software RAID (md): whether an array goes on without its leaving members.
 */

import { namesAt, textAt } from '../../files.ts';
import { type Fate, onTop, redundant, worst } from '../fate.ts';
import { evidence } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import type { StackReading } from './stack.ts';

interface Member {
  readonly name: string;
  /** Words of `state`: in_sync, spare, faulty, write_mostly, … Undefined where it could not be read. */
  readonly state: readonly string[] | undefined;
  readonly fate: Fate;
}

export function arrayFate(reading: StackReading, device: BlockDevice): Fate {
  const { name, path } = device;
  const level = textAt(reading.tree, `${path}/md/level`);
  const members = membersOf(reading, device, level ?? 'unknown level');
  const active = members.filter((m) => m.state === undefined || m.state.includes('in_sync'));
  const fates = active.map((m) => m.fate);
  // Spares and members that are being rebuilt hold nothing that is needed; losing one is a loss of redundancy.
  const waiting = worst(members.filter((m) => !active.includes(m)).map((m) => m.fate));
  const decided = byLevel(level, fates, Number(textAt(reading.tree, `${path}/md/raid_disks`)), name);
  if (decided.kind !== 'stays' || waiting.kind !== 'leaves') return decided;
  return { kind: 'degraded', way: waiting.way, left: `${name} only loses a spare or a member that is being rebuilt` };
}

function membersOf({ tree, fateOf }: StackReading, { name, path }: BlockDevice, level: string): readonly Member[] {
  const title = `${name} (${level})`;
  return namesAt(tree, `${path}/slaves`).map((slave) => ({
    name: slave,
    state: textAt(tree, `${path}/md/dev-${slave}/state`)?.split(','),
    fate: onTop(fateOf(slave), title, evidence(`${path}/slaves`, `${title} has the member ${slave}`)),
  }));
}

/** Members that an array of a level can be without, of `size` places when it is whole. */
function byLevel(level: string | undefined, fates: readonly Fate[], size: number, name: string): Fate {
  const missing = Number.isInteger(size) ? Math.max(0, size - fates.length) : 0;
  const stay = fates.filter((fate) => fate.kind === 'stays').length;
  const left = `${stay} in-sync ${stay === 1 ? 'member' : 'members'} of ${name} stay`.replace(
    /^1 (.*) stay$/,
    '1 $1 stays',
  );
  switch (level) {
    case 'raid1':
      return redundant(fates, fates.length - 1, left);
    case 'raid4':
    case 'raid5':
      return redundant(fates, 1 - missing, left);
    case 'raid6':
      return redundant(fates, 2 - missing, left);
    case 'raid10':
      return raid10(fates, missing, left, name);
    default:
      return worst(fates);
  }
}

/** One missing half of a pair is borne; of more, it depends on which. */
function raid10(fates: readonly Fate[], missing: number, left: string, name: string): Fate {
  const found = redundant(fates, 1 - missing, left);
  if (found.kind !== 'leaves' || fates.every((fate) => fate.kind === 'leaves')) return found;
  const why = `whether ${name} goes on depends on which of its members are copies of each other`;
  return { kind: 'undecided', way: found.way, why, decidedBy: `mdadm --detail /dev/${name}` };
}
