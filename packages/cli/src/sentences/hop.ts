/**
 * @module One step of a packet's way in words.
 */
import { type Analysis, formatRequesterId } from '@isogroups/pci';
import type { Hop, Outcome, StopReason } from '@isogroups/simulator';
import { hexData } from '../data/fact-data.ts';
import { nameOf } from './party.ts';

export interface HopWords {
  /** Where it happens: a function, `root complex`, `IOMMU`. */
  readonly at: string;
  /** What happens there: a clause whose subject is the place. */
  readonly says: string;
}

const ROOT_COMPLEX = 'root complex';
const IOMMU = 'IOMMU';

export function hopWords(analysis: Analysis, hop: Hop): HopWords {
  const name = (i: number): string => nameOf(analysis, i);
  const id = (requester: number): string => formatRequesterId(requester % 0x10000);
  switch (hop.kind) {
    case 'sent':
      return { at: name(hop.at), says: `sends it under requester id ${id(hop.requester)}` };
    case 'shared-bus':
      return { at: name(hop.at), says: `puts it on the wires of a conventional bus, where ${name(hop.to)} claims it` };
    case 'to-peer':
      return { at: name(hop.at), says: `passes it to its peer ${name(hop.to)}: ${hop.because}` };
    case 'redirected':
      return { at: name(hop.at), says: `keeps it from its peer and sends it upstream: ${hop.because}` };
    case 'checked':
      return {
        at: name(hop.at),
        says: hop.validated
          ? `takes it from below: SV is on, and ${id(hop.requester)} is of a bus below it`
          : 'takes it from below and does not check its requester id',
      };
    case 'turned-back':
      return { at: name(hop.at), says: `turns it back down: ${hop.because}` };
    case 'forwarded-up':
      return { at: name(hop.at), says: `sends it on upstream instead of back down: ${hop.because}` };
    case 'owned':
      return { at: name(hop.at), says: `takes ownership: it goes on under requester id ${id(hop.requester)}` };
    case 'sent-for':
      return { at: name(hop.by), says: `sends it on as its own, under requester id ${id(hop.requester)}` };
    case 'up':
      return { at: name(hop.at), says: 'passes it up' };
    case 'down':
      return { at: name(hop.at), says: 'passes it down: the address is in its window' };
    case 'root-complex':
      return {
        at: ROOT_COMPLEX,
        says: `routes it to port ${name(hop.to)}: of port ${name(hop.from)}, ${hop.because}`,
      };
    case 'iommu':
      return {
        at: IOMMU,
        says:
          hop.physical === hop.address
            ? `lets ${hexData(hop.address)} of requester ${id(hop.requester)} pass as it is`
            : hop.physical >= 0
              ? `translates ${hexData(hop.address)} of requester ${id(hop.requester)} to ${hexData(hop.physical)}`
              : `looks up ${hexData(hop.address)} of requester ${id(hop.requester)}`,
      };
  }
}

const REASONS: Readonly<Record<StopReason, string>> = Object.freeze({
  'bus-master-off': 'bus mastering is off',
  'source-validation': 'refuses it: SV is on, and the requester id is of no bus below it',
  'translation-blocking': 'refuses it: TB is on, and it is marked as translated',
  'nobody-claims': 'nobody claims the address behind it',
  'no-completions': 'drops it: conventional PCI has no completions',
  'unexpected-completion': 'drops it: a completion of nothing that went through it',
  'root-complex-does-not-route': 'drops it: no register says that it routes between its ports',
  'interrupt-remapping':
    'stops it: interrupts are checked for who sends them, and this one is none that was given to it',
  'no-entry': 'stops it: nothing is programmed for the requester id',
  'no-mapping': 'stops it: the domain of the requester does not map the address',
  'translated-not-allowed': 'stops it: the requester may not send what is marked as translated',
});

const AT_IOMMU: ReadonlySet<StopReason> = new Set(['no-entry', 'no-mapping', 'translated-not-allowed']);

/** The end of the way as its last step. */
export function endWords(analysis: Analysis, outcome: Outcome): HopWords {
  switch (outcome.kind) {
    case 'function':
      return { at: nameOf(analysis, outcome.function), says: 'gets it' };
    case 'memory':
      return { at: 'memory', says: `is read or written at ${hexData(outcome.address)}` };
    case 'interrupt':
      return { at: 'host', says: 'gets an interrupt that it gave to nobody' };
    case 'stopped': {
      const place = AT_IOMMU.has(outcome.reason) || outcome.reason === 'interrupt-remapping' ? IOMMU : ROOT_COMPLEX;
      return { at: outcome.at < 0 ? place : nameOf(analysis, outcome.at), says: REASONS[outcome.reason] };
    }
  }
}
