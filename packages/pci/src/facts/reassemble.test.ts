import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseFunction, PARTS } from '../testing/loose-function.ts';
import {
  type Assembly,
  assembleMachine,
  assemblePieces,
  type LooseFunction,
  type PartsBesides,
} from './assemble-machine.ts';
import { createPiece, type Piece } from './piece.ts';
import { reassemble } from './reassemble.ts';

/** Root ports, a switch, leaves on several busses and below each other, one of another segment with the number of a sibling. */
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
  '04:00.0 < 02:00.1',
  '04:00.1 < 02:00.1',
  '00:1d.0',
  '10:00.0',
  '10:00.1',
  '0001:00:00.0',
  '0001:00:01.0',
];
/** The address of another; below a bridge that is not there. */
const ODD = ['01:00.2 < 00:1c.1', '00:02.0 < 20:00.0'];
const RELATIONS: Readonly<Record<string, Partial<LooseFunction>>> = {
  '03:01.0 < 00:1c.1': { physicalFunctionAddress: '0000:03:00.0' },
  '10:00.0': { physicalFunctionAddress: '0000:00:1c.1' },
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

const OTHER = { name: 'host0', subsystem: 'scsi', parentAddress: '0000:01:00.1', driver: null, group: null };

/** What Linux found in another order than by number. */
const ORDERED: PartsBesides = { ...PARTS, rootBuses: [1, 0].map((segment) => ({ segment, bus: 0 })) };

/** The short way keeps the list of root busses, the long one makes another. */
const isShort = (before: Assembly<Piece>, after: Assembly<Piece>): boolean =>
  before.machine.rootBuses === after.machine.rootBuses;

function assemblyOf(parts: PartsBesides, slots: Slots, texts: readonly string[]): Assembly<Piece> {
  for (const text of texts) slots.toggle(text);
  return assemblePieces(parts, [...slots.pieces.values()]);
}

describe('a machine with one function more or less', () => {
  it('is what it would be from scratch, whatever comes and goes', () => {
    let short = 0;
    const toggles = fc.array(fc.constantFrom(...TEXTS, ...ODD), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(PARTS, ORDERED), toggles, (parts, chosen) => {
        const slots = new Slots();
        let last = assemblyOf(parts, slots, []);
        for (const text of [...TEXTS, ...chosen]) {
          const pieces = slots.toggle(text);
          const next = reassemble(last, pieces);
          const functions = pieces.map((piece) => piece.facts);
          expect(next.machine).toEqual(assembleMachine({ ...parts, functions }));
          expect(next.ordered.map((piece) => piece.linked)).toEqual(next.machine.functions);
          if (isShort(last, next)) short++;
          last = next;
        }
      }),
      { seed: 4711, numRuns: 60 },
    );
    expect(short).toBeGreaterThan(700);
  });

  it('takes the short way into an empty slot and back out, wherever it is', () => {
    for (const slot of ['01:00.0 < 00:1c.0', '03:00.0 < 00:1c.1', '04:00.0 < 02:00.1', '00:1d.0', '0001:00:00.0']) {
      const slots = new Slots();
      const rest = TEXTS.slice(0, 2).concat('0001:00:01.0');
      const bridges = slot.startsWith('04') ? ['01:00.0 < 00:1c.0', '02:00.1 < 01:00.0'] : [];
      const empty = assemblyOf(PARTS, slots, [...rest, ...bridges]);
      const filled = reassemble(empty, slots.toggle(slot));
      expect([slot, isShort(empty, filled)]).toEqual([slot, true]);
      const again = reassemble(filled, slots.toggle(slot));
      expect([slot, isShort(filled, again)]).toEqual([slot, true]);
      expect(again.machine).toEqual(empty.machine);
    }
  });

  it('takes the long way where others depend on it', () => {
    const slots = new Slots();
    const last = assemblyOf(PARTS, slots, TEXTS);
    const goes = (...texts: readonly string[]): boolean => {
      const pieces = [...slots.pieces].filter(([text]) => !texts.includes(text)).map(([, piece]) => piece);
      return isShort(last, reassemble(last, pieces));
    };
    expect(['03:01.0 < 00:1c.1', '02:00.0 < 01:00.0'].map((text) => goes(text))).toEqual([true, true]);
    // One has functions below it, one has a virtual function.
    expect(['01:00.0 < 00:1c.0', '03:00.0 < 00:1c.1'].map((text) => goes(text))).toEqual([false, false]);
    // It makes its bus a root bus, alone.
    expect(goes('0001:00:00.0', '0001:00:01.0')).toBe(false);
    expect(goes('03:01.0 < 00:1c.1', '02:00.0 < 01:00.0')).toBe(false);
  });

  it('takes the long way where other devices name functions by their place', () => {
    const parts = { ...PARTS, others: [OTHER] };
    const slots = new Slots();
    const last = assemblyOf(parts, slots, ['00:1c.0', '01:00.1 < 00:1c.0']);
    const next = reassemble(last, slots.toggle('01:00.0 < 00:1c.0'));
    expect([last, next].map(({ machine }) => machine.others[0]?.parent)).toEqual([1, 2]);
  });
});
