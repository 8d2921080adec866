/**
 * @module The kinds of interference: how one party can disturb another without the IOMMU being able to stop it.
 */

export const INTERFERENCE_KINDS = [
  'same-requester',
  'peer-to-peer',
  'interrupts',
  'untranslated',
  'firmware-memory',
  'translated-requests',
  'forged-requester',
  'shared-reset',
] as const;

export type InterferenceKind = (typeof INTERFERENCE_KINDS)[number];

export interface KindFacts {
  /** Whether the edge joins a device to another device or to the host. */
  readonly joins: 'device' | 'host';
  /** `never`: no policy can accept it, because nothing would be left of the isolation. */
  readonly accepted: 'never' | 'policy';
  /** The word that `isolation_allow=` had for it in the proposal of 2012. */
  readonly name2012?: string;
  /** What it means, as a sentence about "a device". */
  readonly meaning: string;
}

export const KIND_FACTS: Readonly<Record<InterferenceKind, KindFacts>> = Object.freeze({
  'same-requester': {
    joins: 'device',
    accepted: 'never',
    meaning: 'The IOMMU cannot tell their DMA apart: their requests carry the same requester id.',
  },
  'peer-to-peer': {
    joins: 'device',
    accepted: 'policy',
    name2012: 'nop2p',
    meaning: 'Their traffic can meet below the IOMMU, at a port or slot that does not redirect it upstream.',
  },
  interrupts: {
    joins: 'host',
    accepted: 'policy',
    name2012: 'nomsi',
    meaning: 'The device can forge interrupts of the host: its message-signalled interrupts are not remapped.',
  },
  untranslated: {
    joins: 'host',
    accepted: 'never',
    meaning: 'No IOMMU translates the DMA of the device: it can reach all memory.',
  },
  'firmware-memory': {
    joins: 'host',
    accepted: 'policy',
    meaning: 'The firmware demands that the device keeps access to memory that the host uses as well.',
  },
  'translated-requests': {
    joins: 'host',
    accepted: 'policy',
    meaning: 'The device has ATS on: requests that it marks as translated pass the IOMMU unchecked.',
  },
  'forged-requester': {
    joins: 'device',
    accepted: 'policy',
    meaning: 'The device can send requests under the requester id of another, and no port checks it.',
  },
  'shared-reset': {
    joins: 'device',
    accepted: 'policy',
    meaning: 'They can only be reset together.',
  },
});

export function isInterferenceKind(text: string): text is InterferenceKind {
  return (INTERFERENCE_KINDS as readonly string[]).includes(text);
}
