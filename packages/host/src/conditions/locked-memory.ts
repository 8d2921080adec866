/**
 * @module How much memory a user may lock: VFIO keeps all memory of a guest in place, in the name of who runs it.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../files.ts';

export interface LockedMemoryLimit {
  /** Bytes. */
  readonly bytes: number;
  /** The file that says so. */
  readonly file: string;
}

/**
 * The hard limit of a login of the user: pam_limits, and without a line there what everybody inherits.
 *
 * @returns undefined where there is none, where nothing tells it, for root and for what is no user of the machine
 */
export function lockedMemoryLimit(tree: MachineTree, user: string): LockedMemoryLimit | undefined {
  const account = accountOf(tree, user);
  if (account === undefined || account.uid === '0') return undefined;
  const lines = ['etc/security/limits.conf', ...directoryFiles(tree)].flatMap((file) => limitLines(tree, file));
  // A user's own line counts for more than one of a group, and that for more than one for all; of equal ones the last.
  const groups = new Set(groupsOf(tree, user, account.gid).map((group) => `@${group}`));
  const ranked = [
    lines.filter((l) => l.domain === user),
    lines.filter((l) => groups.has(l.domain)),
    lines.filter((l) => l.domain === '*'),
  ];
  const found = ranked.map((these) => these.at(-1)).find((line) => line !== undefined);
  return found === undefined ? inherited(tree) : limitOf(found.value, 1024, found.file);
}

function accountOf(tree: MachineTree, user: string): { readonly uid: string; readonly gid: string } | undefined {
  for (const line of (textAt(tree, 'etc/passwd') ?? '').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === user && uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}

function groupsOf(tree: MachineTree, user: string, primary: string): readonly string[] {
  return (textAt(tree, 'etc/group') ?? '').split('\n').flatMap((line) => {
    const [name, , gid, members] = line.split(':');
    const isIn = gid === primary || members?.split(',').includes(user) === true;
    return name !== undefined && isIn ? [name] : [];
  });
}

const directoryFiles = (tree: MachineTree): readonly string[] =>
  namesAt(tree, 'etc/security/limits.d').flatMap((name) =>
    name.endsWith('.conf') ? [`etc/security/limits.d/${name}`] : [],
  );

interface LimitLine {
  readonly domain: string;
  readonly value: string;
  readonly file: string;
}

/** `<domain> <hard|soft|-> memlock <KiB>`; soft ones can be raised. */
function limitLines(tree: MachineTree, file: string): readonly LimitLine[] {
  return (textAt(tree, file) ?? '').split('\n').flatMap((line): LimitLine[] => {
    const [domain, type, item, value] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (domain === undefined || value === undefined || item !== 'memlock' || type === 'soft') return [];
    return [{ domain, value, file }];
  });
}

/** What the first process has: sessions begin with it. */
function inherited(tree: MachineTree): LockedMemoryLimit | undefined {
  for (const file of ['proc/1/limits', 'proc/self/limits']) {
    const hard = /^Max locked memory\s+\S+\s+(\S+)/m.exec(textAt(tree, file) ?? '')?.[1];
    if (hard !== undefined) return limitOf(hard, 1, file);
  }
  return undefined;
}

function limitOf(value: string, unit: number, file: string): LockedMemoryLimit | undefined {
  const number = Number(value);
  // unlimited, infinity, -1
  return Number.isFinite(number) && number >= 0 ? { bytes: number * unit, file } : undefined;
}
