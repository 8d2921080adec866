import { describe, expect, it } from 'vitest';
import { compareGroups } from './compare-groups.ts';
import type { DeviceMatch } from './match-devices.ts';

/** Devices 0.. of both sides are the same; `before` and `after` give their groups, undefined for none. */
function compare(before: (number | undefined)[], after: (number | undefined)[]) {
  const match: DeviceMatch = {
    pairs: before.map((_, i) => ({ a: i, b: i })),
    moved: [],
    replaced: [],
    went: [],
    came: [],
  };
  return compareGroups(
    match,
    (i) => before[i],
    (i) => after[i],
  );
}

describe('groups', () => {
  it.each([
    ['split', [1, 1, 1], [1, 1, 2]],
    ['merged', [1, 2, 3], [1, 1, 1]],
    ['regrouped', [1, 1, 2], [1, 2, 2]],
    ['gained', [undefined, undefined], [4, 4]],
    ['gained', [undefined, undefined], [4, 5]],
    ['lost', [4, 4], [undefined, undefined]],
  ] as const)('%s', (kind, before, after) => {
    const { changes } = compare([...before], [...after]);
    expect(new Set(changes.map((c) => c.kind))).toEqual(new Set([kind]));
  });

  it('of which one member lost its group are split', () => {
    const { changes } = compare([1, 1], [1, undefined]);
    expect(changes).toEqual([
      {
        kind: 'split',
        before: [{ group: 1, members: [0, 1] }],
        after: [
          { group: 1, members: [0] },
          { group: undefined, members: [1] },
        ],
      },
    ]);
  });

  it('with other numbers only are no change', () => {
    const { changes, renumbered, same } = compare([1, 1, 2], [7, 7, 3]);
    expect(changes).toEqual([]);
    expect(renumbered).toEqual([
      { before: 1, after: 7 },
      { before: 2, after: 3 },
    ]);
    expect(same).toHaveLength(2);
  });

  it('with a member that came or went have other members', () => {
    const match: DeviceMatch = {
      pairs: [
        { a: 0, b: 0 },
        { a: 1, b: 1 },
      ],
      moved: [],
      replaced: [],
      went: [2],
      came: [],
    };
    const { changes } = compareGroups(
      match,
      (i) => [5, 6, 5][i],
      (i) => [5, 6][i],
    );
    expect(changes).toEqual([
      { kind: 'members', before: [{ group: 5, members: [0, 2] }], after: [{ group: 5, members: [0] }] },
    ]);
  });
});
