/**
 * @module How the groups of one machine became those of another.
 */
import type { DeviceMatch } from './match-devices.ts';

/** Group of a function, by any key; undefined for none. */
export type GroupOf = (i: number) => number | undefined;

export interface GroupPart {
  /** undefined: these have no group. */
  readonly group: number | undefined;
  /** Functions, in the numbering of the side on which the group is. */
  readonly members: readonly number[];
}

export interface GroupChange {
  readonly kind:
    | 'split'
    | 'merged'
    /** Several groups, several others: members changed sides. */
    | 'regrouped'
    | 'gained'
    | 'lost'
    /** The same group with devices that came or went. */
    | 'members';
  readonly before: readonly GroupPart[];
  readonly after: readonly GroupPart[];
}

export interface GroupComparison {
  readonly changes: readonly GroupChange[];
  /** Groups with the same members and another number. */
  readonly renumbered: readonly { readonly before: number; readonly after: number }[];
  /** Groups with the same members: of both sides, for questions about their state. */
  readonly same: readonly { readonly before: GroupPart; readonly after: GroupPart }[];
}

export function compareGroups(match: DeviceMatch, before: GroupOf, after: GroupOf): GroupComparison {
  const changes: GroupChange[] = [];
  const renumbered: { before: number; after: number }[] = [];
  const same: { before: GroupPart; after: GroupPart }[] = [];
  for (const { pairs } of connected(match, before, after)) {
    const old = parts(
      pairs.map((p) => p.a),
      before,
      match.went,
    );
    const now = parts(
      pairs.map((p) => p.b),
      after,
      match.came,
    );
    const [first, next] = [old[0] as GroupPart, now[0] as GroupPart];
    if (old.length > 1 || now.length > 1) {
      const kind = old.length === 1 ? 'split' : now.length === 1 ? 'merged' : 'regrouped';
      changes.push({ kind: onlyNone(old) ? 'gained' : onlyNone(now) ? 'lost' : kind, before: old, after: now });
    } else if ((first.group === undefined) !== (next.group === undefined)) {
      changes.push({ kind: first.group === undefined ? 'gained' : 'lost', before: old, after: now });
    } else if (first.members.length !== pairs.length || next.members.length !== pairs.length) {
      changes.push({ kind: 'members', before: old, after: now });
    } else {
      same.push({ before: first, after: next });
      if (first.group !== undefined && next.group !== undefined && first.group !== next.group) {
        renumbered.push({ before: first.group, after: next.group });
      }
    }
  }
  return { changes, renumbered, same };
}

const onlyNone = (groups: readonly GroupPart[]): boolean => groups.every((g) => g.group === undefined);

/** Pairs that share a group on either side, directly or over others. Functions without a group share nothing. */
function connected(
  { pairs }: DeviceMatch,
  before: GroupOf,
  after: GroupOf,
): readonly { readonly pairs: readonly { readonly a: number; readonly b: number }[] }[] {
  const byGroup = new Map<string, number[]>();
  const keys = pairs.map(({ a, b }, k) => {
    const mine = [`a${before(a) ?? `none${k}`}`, `b${after(b) ?? `none${k}`}`];
    for (const key of mine) {
      const list = byGroup.get(key);
      if (list === undefined) byGroup.set(key, [k]);
      else list.push(k);
    }
    return mine;
  });
  const seen = new Uint8Array(pairs.length);
  const components: { pairs: { a: number; b: number }[] }[] = [];
  for (let start = 0; start < pairs.length; start++) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    const found: number[] = [];
    const pending = [start];
    for (let k = pending.pop(); k !== undefined; k = pending.pop()) {
      found.push(k);
      for (const key of keys[k] ?? []) {
        for (const other of byGroup.get(key) ?? []) {
          if (seen[other] === 1) continue;
          seen[other] = 1;
          pending.push(other);
        }
        byGroup.delete(key);
      }
    }
    components.push({ pairs: found.sort((x, y) => x - y).map((k) => pairs[k] as { a: number; b: number }) });
  }
  return components;
}

/** The groups of these functions, with the members that are on this side only. */
function parts(functions: readonly number[], groupOf: GroupOf, only: readonly number[]): readonly GroupPart[] {
  const members = new Map<number | undefined, number[]>();
  for (const i of functions) {
    const g = groupOf(i);
    const list = members.get(g);
    if (list === undefined) members.set(g, [i]);
    else list.push(i);
  }
  for (const i of only) {
    const g = groupOf(i);
    if (g !== undefined) members.get(g)?.push(i);
  }
  return [...members].map(([group, list]) => ({ group, members: list.sort((x, y) => x - y) }));
}
