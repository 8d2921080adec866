/**
 * @module One step of a chain in words: what one of the two can do to the other.
 */
import type { ChainEnd, ChainStep } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { nameOf } from '../../sentences/party.ts';

/** A clause about the two ends of the step alone, without a full stop. */
export function stepSentence(analysis: Analysis, { from, to, edge, forward }: ChainStep): string {
  const [who, whom] = (forward ? [from, to] : [to, from]).map((end) => endName(analysis, end)) as [string, string];
  switch (edge.kind) {
    case 'same-requester':
      return `the IOMMU cannot tell the DMA of ${who} and ${whom} apart`;
    case 'peer-to-peer':
      return `${who} can send requests to ${whom} that never reach the IOMMU`;
    case 'interrupts':
      return `${who} can forge interrupts of the host`;
    case 'untranslated':
      return `${who} can read and write all memory: no IOMMU translates its DMA`;
    case 'firmware-memory':
      return `${who} keeps access to memory that the firmware uses`;
    case 'translated-requests':
      return `${who} can mark requests as translated, and they pass the IOMMU unchecked`;
    case 'forged-requester':
      return `${who} can send under the requester id of ${whom}`;
    case 'shared-reset':
      return `a reset of ${who} resets ${whom} as well`;
  }
}

export function endName(analysis: Analysis, end: ChainEnd): string {
  return end === 'host' ? 'the host' : nameOf(analysis, end);
}
