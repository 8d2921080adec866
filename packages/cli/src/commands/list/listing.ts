/**
 * @module What `list` tells, before it is text or JSON.
 */
import { assignability, groupName, type Interference, membersOf, type Partition } from '@isogroups/core';
import { type Analysis, known } from '@isogroups/pci';
import { type GroupEdges, groupEdges } from '../../group-edges.ts';
import { aloneSentence } from '../../sentences/alone.ts';
import { type KernelDifference, kernelDifferences, kernelGroupNumbers } from '../../sentences/kernel-differences.ts';
import { type OpenQuestion, openQuestions } from '../../sentences/open-questions.ts';
import { togetherSentences } from '../../sentences/together.ts';

export interface ListedGroup {
  readonly index: number;
  readonly name: string;
  readonly members: readonly number[];
  readonly assignable: 'yes' | 'no' | 'undecided';
  /** Interferences with the host that are not accepted. */
  readonly obstacles: readonly Interference[];
  /** Numbers of the kernel's groups that its members are in, ascending. */
  readonly kernelGroups: readonly number[];
  /** Why its members belong together, or why it is alone: clauses. */
  readonly because: readonly string[];
  /** Nothing but bridges and other parts of the chipset that nobody hands over. */
  readonly onlyBridges: boolean;
}

export interface Listing {
  readonly analysis: Analysis;
  readonly partition: Partition;
  readonly edges: GroupEdges;
  readonly groups: readonly ListedGroup[];
  readonly differences: readonly KernelDifference[];
  readonly questions: readonly OpenQuestion[];
  /** Whether the numbers are the kernel's own or follow from its rules. */
  readonly numbersFrom: 'kernel' | 'rules';
}

export function listing(analysis: Analysis, partition: Partition): Listing {
  const edges = groupEdges(partition);
  const numbers = kernelGroupNumbers(analysis);
  const groups: ListedGroup[] = [];
  for (let g = 0; g < partition.groupCount; g++) {
    const members = Array.from(membersOf(partition, g));
    groups.push({
      index: g,
      name: groupName(partition, g),
      members,
      assignable: assignability(partition, g),
      obstacles: edges.withHost(g),
      kernelGroups: numbersOf(members, numbers),
      because: becauseOf(analysis, edges, g, members),
      onlyBridges: members.every((p) => isPartOfChipset(analysis, p)),
    });
  }
  return {
    analysis,
    partition,
    edges,
    groups,
    differences: kernelDifferences(analysis, partition, edges, numbers),
    questions: openQuestions(analysis, partition),
    numbersFrom: known(analysis.machine.kernel.groups) === undefined ? 'rules' : 'kernel',
  };
}

function becauseOf(analysis: Analysis, edges: GroupEdges, g: number, members: readonly number[]): readonly string[] {
  const functions = members.filter((p) => p < analysis.topology.count);
  const [only] = functions;
  // A child without a requester id of its own is shown with its parent: that it belongs there needs no words.
  if (functions.length === 1 && only !== undefined) return [aloneSentence(analysis, only)];
  return functions.length === 0 ? [] : togetherSentences(analysis, edges.inside(g), functions);
}

function numbersOf(members: readonly number[], numbers: Int32Array): readonly number[] {
  return [...new Set(members.map((p) => numbers[p] as number).filter((n) => n >= 0))].sort((a, b) => a - b);
}

const BRIDGE_CLASS = 0x06;
const IOMMU_CLASS = 0x0806;

/** Bridges by header, and host, ISA and other bridges and IOMMUs by class. */
function isPartOfChipset({ machine, graph }: Analysis, party: number): boolean {
  if (graph.parties.isBridge(party)) return true;
  const f = machine.functions[party];
  const code = f === undefined ? undefined : known(f.classCode);
  return code !== undefined && (code >> 16 === BRIDGE_CLASS || code >> 8 === IOMMU_CLASS);
}
