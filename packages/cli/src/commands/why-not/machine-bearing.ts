/**
 * @module What the facts of the machine say to an error text that names no device: "host doesn't support passthrough".
 */
import type { Interference, InterferenceKind } from '@isogroups/core';
import { type Analysis, interruptIsolation, isUnknown } from '@isogroups/pci';
import { evidenceSentence } from '../../sentences/interference.ts';
import { iommuWords } from '../../sentences/machine.ts';
import { missingIommu } from '../../sentences/no-iommu.ts';
import { listSpans } from '../../sentences/party.ts';
import { remedySentence } from '../../sentences/remedy.ts';
import type { Bearing } from './cause-and-facts.ts';
import type { ErrorCause } from './error-patterns.ts';
import { instruction, type Step } from './steps.ts';

export interface MachineBearing extends Bearing {
  /** What would take the cause away, where the facts show it. */
  readonly steps: readonly Step[];
}

/** The interferences with the host that programs report under each cause. */
const BEHIND: Readonly<Partial<Record<ErrorCause, readonly InterferenceKind[]>>> = Object.freeze({
  'no-kernel-group': ['untranslated'],
  interrupts: ['interrupts'],
  'firmware-memory': ['firmware-memory'],
  'refused-by-iommu': ['untranslated', 'interrupts', 'firmware-memory'],
});

/** Devices are many: the first few show what is meant. */
const MOST_SHOWN = 4;

export function machineBearing(analysis: Analysis, cause: ErrorCause): MachineBearing {
  const kinds = BEHIND[cause];
  if (kinds === undefined) return { confirmed: 'unknown', facts: [], steps: [] };
  const missing = kinds.includes('untranslated') ? missingIommu(analysis) : undefined;
  if (missing !== undefined) {
    const facts = [`no IOMMU is at work on this machine: ${missing.says}`];
    return { confirmed: 'yes', facts, steps: [instruction(missing.advice)] };
  }
  const edges = analysis.graph.interferences.filter((edge) => kinds.includes(edge.kind));
  if (edges.length === 0) return { confirmed: 'no', facts: kinds.map((kind) => otherwise(analysis, kind)), steps: [] };
  const certain = edges.filter((edge) => edge.undecided === undefined);
  return {
    confirmed: certain.length > 0 ? 'yes' : 'unknown',
    facts: (certain.length > 0 ? certain : edges).slice(0, MOST_SHOWN).map((edge) => factOf(analysis, edge)),
    steps: certain.flatMap((edge) =>
      edge.remedies.filter((r) => r.kind !== 'accept').map((r) => instruction(remedySentence(analysis, edge, r))),
    ),
  };
}

/** What is so where there is no interference of the kind. */
function otherwise(analysis: Analysis, kind: InterferenceKind): string {
  if (kind === 'untranslated') return `an IOMMU is at work for all devices: ${iommuWords(analysis)}`;
  if (kind === 'firmware-memory') return 'the firmware keeps no memory for a device';
  const isolation = interruptIsolation(analysis.machine, analysis.options);
  return `interrupts are remapped${isUnknown(isolation) ? '' : `: ${isolation.because}`}`;
}

function factOf(analysis: Analysis, edge: Interference): string {
  const evidence = edge.evidence.map((e) => evidenceSentence(analysis, e)).join(', ');
  return edge.where.kind === 'machine' ? evidence : `${listSpans(analysis, edge.actors)}: ${evidence}`;
}
