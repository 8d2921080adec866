/**
 * @module The ACS test's findings as evidence of an interference.
 */
import type { Evidence, Undecided } from '@isogroups/core';
import type { AcsFinding } from '../kernel/acs-rule.ts';

const CONTROL_WORD = 6;

export function evidenceOf(party: number, finding: AcsFinding): Evidence {
  switch (finding.kind) {
    case 'control':
      return {
        kind: 'register',
        party,
        register: 'ACS control',
        offset: finding.offset + CONTROL_WORD,
        value: finding.control,
        missing: finding.missing,
      };
    case 'no-capability':
      return { kind: 'no-capability', party, capability: 'ACS' };
    case 'unknown':
      return { kind: 'unread', party, capability: 'ACS', why: finding.unknown.why };
    case 'quirk':
      return { kind: 'quirk', party, says: finding.row.what };
    case 'conventional':
      return { kind: 'topology', says: 'a conventional PCI function has no ACS' };
    case 'bridge-type':
      return { kind: 'topology', says: 'a bridge to conventional PCI has no ACS for what is behind it' };
    default:
      return { kind: 'topology', says: 'nothing keeps its requests from its peers' };
  }
}

/** What is missing to decide, where the finding is unknown. */
export function undecidedOf(finding: AcsFinding | undefined): Undecided | undefined {
  return finding?.kind === 'unknown' ? { why: finding.unknown.why, decidedBy: finding.unknown.decidedBy } : undefined;
}
