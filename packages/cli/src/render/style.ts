/**
 * @module How text is dressed: colours where the reader's terminal shows them, and the width to fit into.
 */
/** Every dress returns the text unchanged when colours are off. */
export interface Style {
  /** Columns of a line. */
  readonly width: number;
  readonly strong: Dress;
  readonly faint: Dress;
  /** Assignable, isolated, yes. */
  readonly good: Dress;
  /** Not assignable, in the way, no. */
  readonly bad: Dress;
  /** Not decided. */
  readonly doubt: Dress;
  /** Addresses and group names. */
  readonly name: Dress;
}

type Dress = (text: string) => string;

const DEFAULT_WIDTH = 80;
const NARROWEST = 40;

export function createStyle({ color, width }: { readonly color: boolean; readonly width: number }): Style {
  const dress = (on: number, off: number): Dress =>
    color ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return Object.freeze({
    width: Math.max(width, NARROWEST),
    strong: dress(1, 22),
    faint: dress(2, 22),
    good: dress(32, 39),
    bad: dress(31, 39),
    doubt: dress(33, 39),
    name: dress(36, 39),
  });
}

/** No colours, 80 columns: for tests, and for texts that go into files. */
export const PLAIN: Style = createStyle({ color: false, width: DEFAULT_WIDTH });

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Colours only on a terminal, and never with NO_COLOR (https://no-color.org) or on a dumb one. Where no terminal tells
 * its width, COLUMNS does, and 80 without it.
 */
export function styleFor(out: Output, env: Readonly<Record<string, string | undefined>>, wantColor = true): Style {
  const color = wantColor && out.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const asked = Number(env.COLUMNS);
  const width = out.columns || (Number.isInteger(asked) && asked > 0 ? asked : DEFAULT_WIDTH);
  return createStyle({ color, width });
}
