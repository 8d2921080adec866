import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseFunction, PARTS } from '../testing/loose-function.ts';
import { type Assembly, assembleMachine, type LooseFunction } from './assemble-machine.ts';
import { createPiece, type Piece } from './piece.ts';
import { reassemble } from './reassemble.ts';

/** Root ports, a switch, leaves on several busses, one of another segment with the number of a sibling. */
const TEXTS = [
  '00:1c.0',
  '00:1c.1',
  '01:00.0 < 00:1c.0',
  '01:00.1 < 00:1c.0',
  '01:00.2 < 00:1c.0',
  '0001:01:00.1 < 00:1c.0',
  '02:00.0 < 01:00.0',
  '02:00.1 < 01:00.0',
  '03:00.0 < 00:1c.1',
  '03:01.0 < 00:1c.1',
  '03:02.0 < 00:1c.1',
  '0001:00:00.0',
];
/** The address of another. */
const TWICE = '01:00.2 < 00:1c.1';
const RELATIONS: Readonly<Record<string, Partial<LooseFunction>>> = {
  '03:01.0 < 00:1c.1': { physicalFunctionAddress: '0000:03:00.0' },
  '0001:01:00.1 < 00:1c.0': { dmaDeviceAddress: '0000:03:02.0' },
};

/** By text: nobody there, or the piece that is. */
class Slots {
  readonly pieces = new Map<string, Piece>();

  /** Plugs or unplugs. */
  toggle(text: string): readonly Piece[] {
    if (!this.pieces.delete(text)) this.pieces.set(text, createPiece(looseFunction(text, RELATIONS[text])));
    return [...this.pieces.values()];
  }
}

/** The short way keeps the list of root busses, the long one makes another. */
const isShort = (before: Assembly<Piece> | undefined, after: Assembly<Piece>): boolean =>
  before?.machine.rootBuses === after.machine.rootBuses;

describe('a machine with one function more or less', () => {
  it('is what it would be from scratch, whatever comes and goes', () => {
    let short = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TEXTS, TWICE), { minLength: 1, maxLength: 60 }), (toggles) => {
        const slots = new Slots();
        let last: Assembly<Piece> | undefined;
        for (const text of [...TEXTS, ...toggles]) {
          const pieces = slots.toggle(text);
          const next = reassemble(last, PARTS, pieces);
          const functions = pieces.map((piece) => piece.facts);
          expect(next.machine).toEqual(assembleMachine({ ...PARTS, functions }));
          expect(next.ordered.map((piece) => piece.linked)).toEqual(next.machine.functions);
          if (isShort(last, next)) short++;
          last = next;
        }
      }),
      { seed: 4711, numRuns: 60 },
    );
    expect(short).toBeGreaterThan(300);
  });

  it('takes the long way where others depend on it, or where anything else is new', () => {
    const slots = new Slots();
    let last: Assembly<Piece> | undefined;
    for (const text of TEXTS) last = reassemble(last, PARTS, slots.toggle(text));
    const goes = (...texts: readonly string[]): boolean => {
      const pieces = [...slots.pieces].filter(([text]) => !texts.includes(text)).map(([, piece]) => piece);
      return isShort(last, reassemble(last, PARTS, pieces));
    };
    expect(['03:01.0 < 00:1c.1', '02:00.1 < 01:00.0'].map((text) => goes(text))).toEqual([true, true]);
    // One has functions below it, one has a virtual function, one is on a root bus.
    expect(['01:00.0 < 00:1c.0', '03:00.0 < 00:1c.1', '0001:00:00.0'].map((text) => goes(text))).toEqual([
      false,
      false,
      false,
    ]);
    expect(goes('03:01.0 < 00:1c.1', '02:00.1 < 01:00.0')).toBe(false);
    const firmware = { ...PARTS.firmware };
    expect(isShort(last, reassemble(last, { ...PARTS, firmware }, slots.toggle('02:00.1 < 01:00.0')))).toBe(false);
  });
});
