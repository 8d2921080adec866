import { describe, expect, it } from 'vitest';
import { looseFunction, PARTS } from '../testing/loose-function.ts';
import { formatAddress } from './address.ts';
import { assembleMachine, assemblePieces } from './assemble-machine.ts';
import type { Machine } from './machine.ts';
import { createPiece } from './piece.ts';

const assemble = (...texts: readonly string[]): Machine =>
  assembleMachine({ ...PARTS, rootBuses: undefined, functions: texts.map((text) => looseFunction(text)) });

const say = ({ functions, diagnostics }: Machine): readonly string[] => [
  ...functions.map((f) => `${formatAddress(f)} ${f.parent}`),
  ...diagnostics.map((d) => d.message),
];

describe('a machine is assembled', () => {
  it('with whole busses first, then what is below bridge by bridge, in whatever order it was listed', () => {
    const texts = [
      '0000:03:00.0 < 0000:00:1c.1',
      '0001:00:00.0',
      '0000:01:00.1 < 0000:00:1c.0',
      '0000:02:00.0 < 0000:01:00.0',
      '0000:00:1c.1',
      '0000:01:00.0 < 0000:00:1c.0',
      '0000:00:1c.0',
    ];
    const expected = [
      '0000:00:1c.0 -1',
      '0000:00:1c.1 -1',
      '0000:01:00.0 0',
      '0000:01:00.1 0',
      '0000:02:00.0 2',
      '0000:03:00.0 1',
      '0001:00:00.0 -1',
    ];
    expect(say(assemble(...texts))).toEqual(expected);
    expect(say(assemble(...texts.toReversed()))).toEqual(expected);
  });

  it('although the listing is wrong, and says so', () => {
    expect(say(assemble('0000:00:01.0', '0000:00:01.0', '0000:05:00.0 < 0000:00:09.0'))).toEqual([
      '0000:00:01.0 -1',
      '0000:05:00.0 -1',
      '0000:00:01.0 is listed twice; the first one is used',
      '0000:05:00.0 is below 0000:00:09.0, which is not listed; taken as on a root bus',
    ]);
    expect(say(assemble('0000:01:00.0 < 0000:02:00.0', '0000:02:00.0 < 0000:01:00.0', '0000:00:00.0'))).toEqual([
      '0000:00:00.0 -1',
      '0000:01:00.0 -1',
      '0000:02:00.0 1',
      '0000:01:00.0 is its own ancestor; taken as on a root bus',
    ]);
  });

  it('again from the same pieces: those whose relations have the same indices stay the same functions', () => {
    const pieces = ['0000:00:1c.0', '0000:00:1d.0', '0000:01:00.0 < 0000:00:1c.0', '0000:02:00.0 < 0000:00:1d.0'].map(
      (text) => createPiece(looseFunction(text)),
    );
    const whole = assemblePieces({ ...PARTS, rootBuses: undefined }, pieces);
    expect(whole.ordered).toEqual(pieces);
    const [, ...rest] = pieces;
    const less = assemblePieces({ ...PARTS, rootBuses: undefined }, rest);
    expect(say(less.machine)).toEqual([
      '0000:00:1d.0 -1',
      '0000:02:00.0 0',
      '0000:01:00.0 -1',
      '0000:01:00.0 is below 0000:00:1c.0, which is not listed; taken as on a root bus',
    ]);
    expect(less.machine.functions[0]).toBe(whole.machine.functions[1]);
    const again = assemblePieces({ ...PARTS, rootBuses: undefined }, [...rest, ...pieces.slice(0, 1)]);
    expect(again.machine).toEqual(whole.machine);
  });
});
