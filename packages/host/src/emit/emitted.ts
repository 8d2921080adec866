/**
 * @module A text for another tool, and what its reader should know beside it.
 */
export interface Emitted {
  /** The text as the tool takes it, without a line end at the end. */
  readonly text: string;
  /** Sentences without a full stop, and without `--`, which ends comments of XML. */
  readonly notes: readonly string[];
}
