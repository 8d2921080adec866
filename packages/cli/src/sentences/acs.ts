/**
 * @module What the ACS test found at a function, in words.
 */
import { ACS_REQUIRED, type AcsFinding, type Analysis, acsFinding } from '@isogroups/pci';
import { nameOf } from './party.ts';

/** Full names (PCIe 6.0, 7.7.11.3) of the bits that explanations call by two letters. */
export const ACS_BIT_WORDS: Readonly<Record<string, string>> = Object.freeze({
  SV: 'Source Validation',
  TB: 'Translation Blocking',
  RR: 'P2P Request Redirect',
  CR: 'P2P Completion Redirect',
  UF: 'Upstream Forwarding',
  EC: 'P2P Egress Control',
  DT: 'Direct Translated P2P',
});

/** `00:1c.0 has no ACS capability`, `02:00.0 lacks RR CR UF`. A clause about function `i`. */
export function acsSentence(analysis: Analysis, i: number, want: number = ACS_REQUIRED): string {
  const { topology, input } = analysis;
  return findingSentence(nameOf(analysis, i), acsFinding(topology, i, input.acsContext, want));
}

export function findingSentence(name: string, finding: AcsFinding): string {
  switch (finding.kind) {
    case 'quirk':
      return finding.isolated
        ? `${name} is isolated on the vendor's word (${finding.row.what})`
        : `${name} is known not to isolate (${finding.row.what})`;
    case 'conventional':
      return `${name} is conventional PCI, which has no ACS`;
    case 'bridge-type':
      return `${name} leads to conventional PCI, which has no ACS`;
    case 'single-function':
      return `${name} is alone in its device and needs no ACS`;
    case 'other-type':
      return `${name} is of a type that needs no ACS`;
    case 'no-capability':
      return `${name} has no ACS capability`;
    case 'control':
      return finding.missing.length === 0
        ? `${name} has its ACS bits on`
        : `${name} lacks ${finding.missing.join(' ')}`;
    case 'assumed-enabled':
      return `${name} has ACS; its bits were not read, and where an IOMMU runs the kernel switches them on`;
    case 'unknown':
      return `whether ${name} isolates is not known: ${finding.unknown.why}`;
  }
}
