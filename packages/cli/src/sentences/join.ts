/**
 * @module How the kernel's rules came to put a function where it is.
 */
import type { Analysis } from '@isogroups/pci';
import { acsSentence } from './acs.ts';
import { nameOf } from './party.ts';

/** A clause about function `i`, with the witness that it met, without a full stop. */
export function joinSentence(analysis: Analysis, i: number): string {
  const { replay } = analysis;
  const join = replay.joinOf[i];
  if (join === undefined) return `the kernel gives it no group: ${replay.coverage.because(i)}`;
  if (join.rule === 'new') {
    const isAlone = replay.groupOf.every((g, j) => j === i || g !== replay.groupOf[i]);
    return isAlone
      ? 'a group of its own: nothing shares its requester id or its slot, and its way up is isolated'
      : 'the first of its group: none of those that it belongs with had one yet';
  }
  const witness = nameOf(analysis, join.witness);
  switch (join.rule) {
    case 'dma-device':
      return `its DMA carries the requester id of ${witness} (Intel VMD), so it joins its group`;
    case 'alias-bridge':
      return `bridge ${witness} above it sends under its own requester id, so it joins its group`;
    case 'upstream-port':
      return `port ${witness} above it is not isolated up to the root, so it joins its group: ${acsSentence(analysis, join.notIsolated)}`;
    case 'requester-alias':
      return join.of === i
        ? `it shares a requester id with ${witness}, so it joins its group`
        : `${nameOf(analysis, join.of)} on its way up shares a requester id with ${witness}, so it joins its group`;
    case 'slot':
      return `${join.of === i ? 'it' : nameOf(analysis, join.of)} shares a slot with ${witness} and neither is isolated, so it joins its group: ${acsSentence(analysis, join.of)}, ${acsSentence(analysis, join.witness)}`;
  }
}
