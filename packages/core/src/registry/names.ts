/**
 * @module Names of groups: unique, numbered where two want the same one (`vtd0/0000:01:00.0.1`).
 */
import { InvalidError } from '../errors.ts';
import type { GroupRecord } from './records.ts';
import type { RegistryState } from './state.ts';

/** Gives the group the name, or the name with the lowest number that is free. */
export function takeName(state: RegistryState, group: GroupRecord, wanted: string): void {
  let name = wanted;
  for (let k = 1; state.groupNames.has(name); k++) name = `${wanted}.${k}`;
  group.baseName = wanted;
  group.name = name;
  group.uuid = undefined;
  state.groupNames.set(name, group);
}

export function dropName(state: RegistryState, group: GroupRecord): void {
  state.groupNames.delete(group.name);
}

/** Words that stand for something else in a group's directory. */
const RESERVED = new Set(['', '.', '..', 'devices', 'uuid', 'manager']);

/** @throws InvalidError the name cannot be a path below `isolation/` */
export function checkName(name: string): void {
  const words = name.split('/');
  const bad = words.find((word) => RESERVED.has(word) || /\p{Cc}|\p{Surrogate}/u.test(word));
  if (bad === undefined) return;
  throw new InvalidError({
    says: `"${name}" cannot be the name of a group, because of "${bad}"`,
    next: 'use words with / between them, other than devices, uuid and manager',
    operands: { name },
  });
}
