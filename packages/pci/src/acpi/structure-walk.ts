/**
 * @module Walks structures that follow one another and each state type and length, as in all these tables.
 */
import { viewOf } from '../bytes/data-view.ts';

export interface Structure {
  readonly type: number;
  /** From the start of the table. */
  readonly offset: number;
  readonly length: number;
  /** This structure and nothing else. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** How a kind of structure states its type and length. */
export interface StructureFormat {
  /** Shortest possible structure. */
  readonly smallest: number;
  readonly type: (view: DataView, at: number) => number;
  readonly length: (view: DataView, at: number) => number;
}

export interface StructureWalk {
  readonly structures: readonly Structure[];
  /**
   * How it ended: `end` as it should; `short` at a structure that states less than `smallest` (often 0, which would
   * loop for ever); `cut` at one that states more than there is. Neither is among `structures`.
   */
  readonly ended: 'end' | 'short' | 'cut';
  /** Where it ended. */
  readonly offset: number;
}

/**
 * @param start offset of the first structure in `bytes`; `end` is the first byte after the last one.
 * @param base what to add to offsets in `bytes` to get offsets in the table.
 * @param most stop after this many.
 */
export function walkStructures(
  bytes: Uint8Array,
  range: { readonly start: number; readonly end: number; readonly base?: number; readonly most?: number },
  format: StructureFormat,
): StructureWalk {
  const { start, end, base = 0, most = Number.POSITIVE_INFINITY } = range;
  const view = viewOf(bytes);
  const structures: Structure[] = [];
  let at = start;
  let ended: StructureWalk['ended'] = 'end';
  while (at < end && structures.length < most) {
    if (end - at < format.smallest) {
      ended = 'cut';
      break;
    }
    const length = format.length(view, at);
    if (length < format.smallest || length > end - at) {
      ended = length < format.smallest ? 'short' : 'cut';
      break;
    }
    const own = bytes.subarray(at, at + length);
    structures.push({ type: format.type(view, at), offset: base + at, length, bytes: own, view: viewOf(own) });
    at += length;
  }
  return { structures, ended, offset: base + at };
}
