/**
 * @module What stands between a set of devices and the host: interferences that the policy does not accept, and the
 * checks that VFIO makes whatever the policy says.
 */
import { type Interference, KIND_FACTS, type Partition, spansHold } from '@isogroups/core';
import {
  ALLOW_UNSAFE_INTERRUPTS,
  allowedOnCommandLine,
  DIRECT_REGION_FIX,
  directRegionSentence,
  type HandoverSet,
  type KernelMembership,
} from '@isogroups/host';
import { type Analysis, isUnknown, type KernelGroup } from '@isogroups/pci';
import { acceptWord, evidenceSentence, placeSentence } from '../../sentences/interference.ts';
import { listNames } from '../../sentences/party.ts';
import { remedySentence } from '../../sentences/remedy.ts';
import type { Hindrance } from './hindrance.ts';
import { command, instruction, type Step } from './steps.ts';

const KERNEL = Object.freeze(['kernel'] as const);
const POLICY = Object.freeze(['policy'] as const);
const BOTH = Object.freeze(['kernel', 'policy'] as const);

export function refusals(
  analysis: Analysis,
  partition: Partition,
  kernel: KernelMembership,
  set: HandoverSet,
): readonly Hindrance[] {
  const ends = [...set.members.keys()].filter((p) => !analysis.graph.parties.isBridge(p));
  const edges = hostEdges(analysis, partition, ends);
  return [
    ...withoutGroup(
      analysis,
      kernel,
      ends,
      edges.some((h) => h.kind === 'untranslated' && h.certain),
    ),
    ...set.kernelGroups.flatMap((group) => directRegions(analysis, group)),
    ...edges,
  ];
}

/** VFIO takes groups; a device without one it refuses (EINVAL), unless it is told to do without an IOMMU. */
function withoutGroup(
  analysis: Analysis,
  kernel: KernelMembership,
  ends: readonly number[],
  explained: boolean,
): readonly Hindrance[] {
  const { machine, graph } = analysis;
  const { coverage } = analysis.input;
  const { groups } = machine.kernel;
  if (isUnknown(groups)) {
    const text = `which groups the kernel made is not known: ${groups.why}`;
    return [
      { kind: 'no-kernel-group', refusedBy: KERNEL, certain: false, text, decidedBy: groups.decidedBy, steps: [] },
    ];
  }
  const without = ends.filter((p) => kernel.groupOf(p) === undefined && p < machine.functions.length);
  if (without.length === 0) return [];
  const only = without.length === 1 ? without[0] : undefined;
  const reasons = without.map((p) => (coverage.unitOf(p) < 0 ? coverage.because(p) : 'the IOMMU driver refused it'));
  const why = explained ? '' : `: ${[...new Set(reasons)].join(', ')}`;
  const text = `${listNames(analysis, without)} ${only === undefined ? 'are' : 'is'} in no kernel group, and VFIO takes only groups${why}`;
  const device = only === undefined ? {} : { device: graph.parties.nameOf(only) };
  return [{ kind: 'no-kernel-group', refusedBy: KERNEL, certain: true, ...device, text, steps: [] }];
}

function directRegions({ machine, rules }: Analysis, group: KernelGroup): readonly Hindrance[] {
  const text = directRegionSentence(machine, rules, group);
  if (text === undefined) return [];
  const steps = [instruction(DIRECT_REGION_FIX)];
  return [{ kind: 'direct-region', refusedBy: KERNEL, certain: true, text, steps }];
}

function hostEdges(analysis: Analysis, partition: Partition, ends: readonly number[]): readonly Hindrance[] {
  const touches = (edge: Interference): boolean => ends.some((p) => spansHold(edge.actors, p));
  const notAccepted = partition.hostEdges.filter(touches);
  const found = notAccepted.map((edge) => {
    const both =
      edge.kind === 'untranslated' || (edge.kind === 'interrupts' && !allowedOnCommandLine(analysis.machine));
    return hindranceOf(analysis, edge, both ? BOTH : POLICY);
  });
  // The policy may accept forged interrupts; VFIO still wants its own parameter.
  if (!allowedOnCommandLine(analysis.machine) && notAccepted.every((edge) => edge.kind !== 'interrupts')) {
    const accepted = analysis.graph.interferences.find((edge) => edge.kind === 'interrupts' && touches(edge));
    if (accepted !== undefined) found.push(hindranceOf(analysis, accepted, KERNEL));
  }
  return found;
}

const HOST_EDGE: Readonly<Record<string, string>> = Object.freeze({
  untranslated: 'no IOMMU translates its DMA, it would reach all memory',
  interrupts: 'it could forge interrupts of the host',
  'firmware-memory': 'the firmware shares memory with it',
  'translated-requests': 'it could mark requests as translated, past the IOMMU',
});

function hindranceOf(analysis: Analysis, edge: Interference, refusedBy: Hindrance['refusedBy']): Hindrance {
  const says = edge.evidence.map((e) => evidenceSentence(analysis, e)).join(', ');
  const at = edge.where.kind === 'machine' ? '' : ` (${placeSentence(analysis, edge.where)})`;
  const onlyKernel = refusedBy === KERNEL;
  const acceptable = !onlyKernel && KIND_FACTS[edge.kind].accepted === 'policy';
  return {
    kind: edge.kind,
    refusedBy,
    certain: edge.undecided === undefined,
    text: `${edge.undecided === undefined ? '' : 'perhaps '}${HOST_EDGE[edge.kind] ?? edge.kind}${at}${says === '' ? '' : `: ${says}`}`,
    ...(edge.undecided === undefined ? {} : { decidedBy: edge.undecided.decidedBy }),
    steps: onlyKernel ? [ALLOW_UNSAFE] : stepsOf(analysis, edge),
    ...(acceptable ? { acceptedBy: `--accept ${acceptWord(analysis, edge)}` } : {}),
  };
}

function stepsOf(analysis: Analysis, edge: Interference): readonly Step[] {
  return edge.remedies.filter((r) => r.kind !== 'accept').map((r) => instruction(remedySentence(analysis, edge, r)));
}

const ALLOW_UNSAFE: Step = command(
  ALLOW_UNSAFE_INTERRUPTS,
  'lets VFIO go on without interrupt remapping, as the policy accepts',
);
