/**
 * @module The answer of a hop rule: whether the packet takes this way, and the register or fact that says so.
 */
export interface Verdict {
  readonly passes: boolean;
  /** A clause about the function in question: "RR is off". */
  readonly because: string;
}
