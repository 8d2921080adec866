/**
 * @module A text that is no machine, or a machine that cannot be: where, and what was expected there.
 */

export interface Place {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** The whole line. */
  readonly text: string;
}

export class DescriptionError extends Error {
  override readonly name = 'DescriptionError';
  readonly errno = 'EINVAL';
  /** Undefined where the machine was given as data. */
  readonly place: Place | undefined;
  /** What is wrong and what would be right, without the place. */
  readonly says: string;

  constructor(says: string, place?: Place) {
    super(place === undefined ? says : `${says}, at line ${place.line}, column ${place.column}:\n${underlined(place)}`);
    this.says = says;
    this.place = place;
  }
}

const LONGEST = 100;

/** The line with a caret below the place; of a long line what is around it. */
function underlined({ text, column }: Place): string {
  const start = column <= LONGEST - 20 ? 0 : column - 1 - LONGEST / 2;
  const shown = text.slice(start, start + LONGEST).replaceAll('\t', ' ');
  const ellipsis = start > 0 ? '…' : '';
  return `  ${ellipsis}${shown}\n  ${' '.repeat(ellipsis.length + column - 1 - start)}^`;
}

export function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', offset);
  return {
    line: before.split('\n').length,
    column: offset - start + 1,
    text: text.slice(start, end === -1 ? text.length : end),
  };
}
