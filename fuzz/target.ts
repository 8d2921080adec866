/**
 * @module What a parser has to bring along to be fuzzed.
 *
 * To add one: write `fuzz/targets/<name>.ts` that exports a FuzzTarget, and put it into the list in
 * `fuzz/targets/index.ts`. Parsers of text get bytes as well and decode them themselves; give them a `dictionary` of
 * the words of their format. Parsers that are asynchronous return a promise from `run`.
 */
import type { Random } from './random.ts';

export interface FuzzTarget {
  /** As given to `--target`, and in the names of regressions. */
  readonly name: string;
  /** Sound inputs, which mutations start from. Small ones are better: every byte counts. */
  readonly seeds: () => readonly Uint8Array[];
  /** Byte strings that mean something in the format; mutations insert them. */
  readonly dictionary?: readonly Uint8Array[];
  /** Inputs are cut to this many bytes; 4096 without it. */
  readonly longest?: number;
  /** Makes right what would otherwise keep most mutations from getting far: checksums, lengths. Changes `bytes`. */
  readonly repair?: (bytes: Uint8Array, random: Random) => void;
  /** Parses the input and throws (see invariants.ts) if anything about the outcome is not as promised. */
  readonly run: (bytes: Uint8Array) => void | Promise<void>;
}
