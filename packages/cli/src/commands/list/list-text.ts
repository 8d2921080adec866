/**
 * @module The answer of `list` as text: sections by whether groups can be handed over, a block for each group.
 */
import type { Interference } from '@isogroups/core';
import { KIND_FACTS } from '@isogroups/core';
import type { Names } from '../../names.ts';
import type { Style } from '../../render/style.ts';
import { capital, paragraph } from '../../render/text.ts';
import { machineSentence } from '../../sentences/machine.ts';
import { noIommuParagraphs } from '../../sentences/no-iommu.ts';
import { obstacleSentence } from '../../sentences/obstacle.ts';
import { listWords, nameOf } from '../../sentences/party.ts';
import type { ListedGroup, Listing } from './listing.ts';
import { memberTables } from './member-table.ts';

export interface ListTextOptions {
  /** Groups of nothing but bridges one by one too. */
  readonly all: boolean;
}

export function listText(found: Listing, names: Names, style: Style, { all }: ListTextOptions): string {
  const { analysis, groups } = found;
  const blocks: string[] = [heading(found, style)];
  for (const text of noIommuParagraphs(analysis)) blocks.push(paragraph(text, style.width));
  const isShown = (g: ListedGroup): boolean => all || !g.onlyBridges;
  const shown = groups.filter(isShown);
  const tables = memberTables(analysis, names, style, shown, { indent: INDENT, all });
  for (const section of SECTIONS) {
    const here = shown.filter((g) => g.assignable === section.state);
    if (here.length === 0) continue;
    const common = commonObstacles(here);
    blocks.push([sectionHead(section, here.length, style), ...commonLines(found, common, style)].join('\n'));
    for (const g of here) blocks.push(groupBlock(found, g, common, tables(g), style));
  }
  const folded = groups.filter((g) => !isShown(g));
  if (folded.length > 0) blocks.push(foldedText(found, folded, style));
  blocks.push(...differenceBlocks(found, style), ...questionBlocks(found, style));
  return blocks.join('\n\n');
}

/** Columns that the kernel's group number takes, with the blanks around it. */
const INDENT = 7;

interface Section {
  readonly state: ListedGroup['assignable'];
  readonly title: string;
  readonly dress: 'good' | 'bad' | 'doubt';
}

const SECTIONS: readonly Section[] = [
  { state: 'yes', title: 'ASSIGNABLE', dress: 'good' },
  { state: 'undecided', title: 'NOT DECIDED', dress: 'doubt' },
  { state: 'no', title: 'NOT ASSIGNABLE', dress: 'bad' },
];

function heading({ analysis, partition, groups, numbersFrom }: Listing, style: Style): string {
  const devices = groups.filter((g) => !g.onlyBridges);
  const assignable = devices.filter((g) => g.assignable === 'yes').length;
  const counted = devices.length === 1 ? '1 group' : `${devices.length} groups`;
  const undecided = devices.filter((g) => g.assignable === 'undecided').length;
  const some = assignable === 0 ? 'none' : assignable === devices.length ? 'all' : `${assignable}`;
  const verdict = undecided === 0 ? `${some} assignable` : `${assignable} assignable, ${undecided} not decided`;
  const { release } = analysis.rules;
  const numbers = groups.every((g) => g.kernelGroups.length === 0)
    ? ''
    : numbersFrom === 'kernel'
      ? " The number before a group is the kernel's."
      : ` The number before a group is what the rules of Linux ${release.text || release.series} give.`;
  const text = `${machineSentence(analysis)}. ${counted} with devices under policy ${partition.policy.name}, ${verdict}.${numbers}`;
  return paragraph(text, style.width);
}

function sectionHead(section: Section, count: number, style: Style): string {
  return style[section.dress](style.strong(`${section.title} (${count === 1 ? '1 group' : `${count} groups`})`));
}

/** Obstacles that all groups of a section have are told once. */
function commonObstacles(groups: readonly ListedGroup[]): readonly Interference[] {
  const [first, ...rest] = groups;
  if (first === undefined || rest.length === 0) return [];
  return first.obstacles.filter((edge) => rest.every((g) => g.obstacles.includes(edge)));
}

function commonLines({ analysis }: Listing, common: readonly Interference[], style: Style): readonly string[] {
  // Without an IOMMU the paragraphs above have said it all.
  if (analysis.replay.coverage.none !== undefined) return [];
  return common.map((edge) =>
    paragraph(`${capital(obstacleSentence(analysis, edge))}.${acceptHint(edge)}`, style.width, '  '),
  );
}

function acceptHint(edge: Interference): string {
  return KIND_FACTS[edge.kind].accepted === 'policy' && edge.where.kind === 'machine'
    ? ` To accept it: --accept ${edge.kind}.`
    : '';
}

function groupBlock(
  found: Listing,
  g: ListedGroup,
  common: readonly Interference[],
  members: string,
  style: Style,
): string {
  const { analysis } = found;
  const indent = ' '.repeat(INDENT);
  const numbers = numberRanges(g.kernelGroups);
  const fits = numbers.length <= INDENT - 3;
  const because = g.because.length === 0 ? '' : `: ${g.because.join('; ')}`;
  const title = `${style.name(g.name)}${fits ? '' : ` (kernel groups ${numbers})`}${because}`;
  const gutter = fits ? `${style.strong(numbers.padStart(INDENT - 3))}   ` : indent;
  const lines = [paragraph(title, style.width, gutter, indent), members];
  for (const edge of g.obstacles) {
    if (common.includes(edge) || analysis.replay.coverage.none !== undefined) continue;
    const verdict = edge.undecided === undefined ? style.bad('not assignable') : style.doubt('not decided');
    lines.push(paragraph(`${verdict}: ${obstacleSentence(analysis, edge)}`, style.width, indent));
  }
  return lines.join('\n');
}

/** Ascending numbers, runs as `4-6`. */
function numberRanges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === n) last[1] = n;
    else runs.push([n, n]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(',');
}

function foldedText({ analysis }: Listing, folded: readonly ListedGroup[], style: Style): string {
  const words = folded.map((g) => {
    const [first, ...rest] = g.members.map((party) => nameOf(analysis, party));
    const number = g.kernelGroups.length === 0 ? '' : ` (${numberRanges(g.kernelGroups)})`;
    return `${first}${rest.length === 0 ? '' : ` with ${rest.length} more`}${number}`;
  });
  const subject =
    folded.length === 1
      ? '1 group is not shown: nothing but bridges'
      : `${folded.length} groups are not shown: nothing but bridges`;
  const text = `${subject}, which nobody hands over: ${words.join(', ')}. --all prints them.`;
  return style.faint(paragraph(text, style.width));
}

function differenceBlocks({ differences }: Listing, style: Style): readonly string[] {
  if (differences.length === 0) return [];
  const lines = differences.map((d) => {
    const dress = d.sort === 'joined-by-us' ? style.bad : style.doubt;
    return paragraph(`${dress(capital(d.says))}.`, style.width, '  - ');
  });
  return [[style.strong("WHERE THE KERNEL'S GROUPS ARE NOT THESE"), ...lines].join('\n')];
}

function questionBlocks({ questions }: Listing, style: Style): readonly string[] {
  if (questions.length === 0) return [];
  const byRemedy = new Map<string, string[]>();
  for (const q of questions) {
    const list = byRemedy.get(q.decidedBy);
    if (list === undefined) byRemedy.set(q.decidedBy, [q.unknown]);
    else list.push(q.unknown);
  }
  const lines = [...byRemedy].map(([decidedBy, unknowns]) =>
    paragraph(`${capital(listWords(unknowns, 3))}. What would decide it: ${decidedBy}.`, style.width, '  - '),
  );
  return [[style.doubt(style.strong('WHAT COULD NOT BE DECIDED')), ...lines].join('\n')];
}
