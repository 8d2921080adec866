/**
 * @module Captures whose groups cannot be had from what was captured, each with the proof. Empty unless proven.
 */

/** By the name of the machine's folder. */
export const KNOWN_DEFECTS: Readonly<Record<string, string>> = Object.freeze({});
