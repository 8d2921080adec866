/**
 * @module Why the rules give something else than the kernel made.
 */
import {
  type Analysis,
  acsFinding,
  comparePartitions,
  isUnknown,
  known,
  type PartitionComparison,
  type PartitionDifference,
  type PciFunction,
} from '@isogroups/pci';
import { acsSentence } from '../../sentences/acs.ts';
import { joinSentence } from '../../sentences/join.ts';
import { listNames, nameOf } from '../../sentences/party.ts';
import type { DifferenceCluster } from './difference-cluster.ts';
import { withAcsFlipped } from './flip-acs.ts';

export interface VerifyReason {
  readonly kind: /** The rule and the witness by which a function joins its group in the replay. */
    | 'rule'
    /** The two differ about whether an IOMMU covers the function. */
    | 'coverage'
    /** With another value of one register the partitions are equal: it changed after the groups were made. */
    | 'register-changed'
    /** A fact that the rules need was not read. */
    | 'unknown-fact'
    /** Another outcome that the rules allow is equal. */
    | 'other-outcome';
  /** A sentence without a full stop. */
  readonly text: string;
}

const MOST = 6;

export function reasonsFor(
  analysis: Analysis,
  comparison: PartitionComparison,
  cluster: DifferenceCluster,
): readonly VerifyReason[] {
  const reasons = [
    ...otherOutcome(analysis),
    ...registerChanged(analysis, cluster),
    ...unknownFacts(analysis, cluster),
    ...rules(analysis, comparison, cluster),
  ];
  const seen = new Set<string>();
  const distinct = reasons.filter(({ text }) => !seen.has(text) && seen.add(text));
  return distinct.slice(0, MOST);
}

function otherOutcome({ topology, outcomes, machine }: Analysis): readonly VerifyReason[] {
  const groups = known(machine.kernel.groups) ?? [];
  const equal = outcomes.alternatives.find((a) => comparePartitions(topology, a.replay.groupOf, groups).equal);
  if (equal === undefined) return [];
  return [{ kind: 'other-outcome', text: `equal when ${equal.when}; what would decide it: ${equal.decidedBy}` }];
}

/**
 * The kernel looks at ACS once, when it makes the groups. A register that was written later (setpci, a reset, resume) no
 * longer fits: turning one round and replaying shows which.
 */
function registerChanged(analysis: Analysis, cluster: DifferenceCluster): readonly VerifyReason[] {
  for (const i of candidates(analysis, cluster)) {
    const f = analysis.machine.functions[i] as PciFunction;
    const finding = acsFinding(analysis.topology, i, analysis.input.acsContext);
    if (finding.kind !== 'control' || !withAcsFlipped(analysis, i).makesEqual(cluster.functions)) continue;
    const was = finding.isolated ? 'did not isolate' : `had ${finding.missing.join(' ')} on`;
    const register = `ACS control of ${nameOf(analysis, i)}`;
    const now = `reads 0x${finding.control.toString(16).padStart(4, '0')}`;
    const file = f.config === undefined ? '' : ` in ${f.config.file}`;
    return [
      { kind: 'register-changed', text: `${register} ${now}${file}; equal if it ${was} when the groups were made` },
    ];
  }
  return [];
}

const MOST_CANDIDATES = 64;

/** The functions themselves and the ports above them. */
function candidates({ machine }: Analysis, { functions }: DifferenceCluster): readonly number[] {
  const found = new Set<number>();
  for (const i of functions) {
    for (let at = i; at >= 0; at = (machine.functions[at] as PciFunction).parent) found.add(at);
  }
  return [...found].slice(0, MOST_CANDIDATES);
}

function unknownFacts(analysis: Analysis, cluster: DifferenceCluster): readonly VerifyReason[] {
  const reasons: VerifyReason[] = [];
  for (const i of candidates(analysis, cluster)) {
    const finding = acsFinding(analysis.topology, i, analysis.input.acsContext);
    if (finding.kind === 'unknown' || finding.kind === 'assumed-enabled') {
      reasons.push({ kind: 'unknown-fact', text: acsSentence(analysis, i) });
    }
    const f = analysis.machine.functions[i] as PciFunction;
    if (isUnknown(f.express)) {
      reasons.push({
        kind: 'unknown-fact',
        text: `the port type of ${nameOf(analysis, i)} is not known: ${f.express.why}`,
      });
    }
  }
  return reasons.slice(0, 2);
}

function rules(
  analysis: Analysis,
  { differences }: PartitionComparison,
  { functions }: DifferenceCluster,
): readonly VerifyReason[] {
  const mine = new Set(functions);
  const these = differences.filter((d) => mine.has(d.function));
  const grouped = these.filter((d) => d.kernelGroup !== undefined && d.rulesGroup !== undefined);
  return [
    ...coverage(analysis, these),
    ...grouped.map(({ function: i }): VerifyReason => {
      return { kind: 'rule', text: `${nameOf(analysis, i)} by the rules: ${joinSentence(analysis, i)}` };
    }),
  ];
}

/** One sentence for all functions that are left out, or not, for one reason. */
function coverage(analysis: Analysis, differences: readonly PartitionDifference[]): readonly VerifyReason[] {
  const without = new Map<string, { readonly byKernel: boolean; readonly functions: number[] }>();
  for (const { function: i, kernelGroup, rulesGroup } of differences) {
    if (kernelGroup !== undefined && rulesGroup !== undefined) continue;
    const byKernel = kernelGroup === undefined;
    const because = analysis.replay.coverage.because(i);
    const same = without.get(`${byKernel} ${because}`);
    if (same === undefined) without.set(`${byKernel} ${because}`, { byKernel, functions: [i] });
    else same.functions.push(i);
  }
  return [...without.values()].map(({ byKernel, functions }): VerifyReason => {
    const names = listNames(analysis, functions);
    const rule = analysis.replay.coverage.because(functions[0] as number);
    const text = byKernel
      ? `the kernel gave no group to ${names}; by the rules: ${rule}`
      : `the kernel gave a group to ${names}; by the rules they have none: ${rule}`;
    return { kind: 'coverage', text };
  });
}
