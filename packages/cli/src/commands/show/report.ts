/**
 * @module What `show` tells: entries that carry their JSON and their text, then tables and interferences.
 */
import { accepts, type Interference, type Partition } from '@isogroups/core';
import { type Analysis, type Fact, isUnknown } from '@isogroups/pci';
import type { Answer } from '../../command.ts';
import { interferenceData } from '../../data/interference-data.ts';
import { machineData } from '../../data/machine-data.ts';
import { policyData } from '../../data/policy-data.ts';
import type { Names } from '../../names.ts';
import type { Style } from '../../render/style.ts';
import { capital, paragraph } from '../../render/text.ts';
import { placeSentence } from '../../sentences/interference.ts';
import { obstacleSentence } from '../../sentences/obstacle.ts';

export interface ShowContext {
  readonly analysis: Analysis;
  readonly groups: Partition;
  readonly names: Names;
}

/** One thing that is said of the target. `key` names it in JSON, `label` in the text. */
export interface Entry {
  readonly key: string;
  readonly label: string;
  readonly data: unknown;
  /** Clauses, each on a line of its own; none: not worth a line. */
  readonly lines: readonly string[];
}

export interface Report {
  readonly sort: 'device' | 'other' | 'group' | 'kernel-group';
  readonly name: string;
  /** Completes the name in the first line. */
  readonly title: string;
  readonly entries: readonly Entry[];
  /** Blocks of text between entries and interferences, and what they are in JSON. */
  readonly sections: readonly {
    readonly key: string;
    readonly title: string;
    readonly data: unknown;
    text(style: Style): string;
  }[];
  /** That the target has a part in, accepted or not. */
  readonly interferences: readonly Interference[];
}

export function entry(key: string, label: string, data: unknown, ...lines: readonly (string | undefined)[]): Entry {
  return { key, label, data, lines: lines.filter((line) => line !== undefined) };
}

/** A fact in words; what is not known says why. */
export function factText<T>(fact: Fact<T>, text: (value: T) => string): string {
  return isUnknown(fact) ? `not known: ${fact.why} (to know it: ${fact.decidedBy})` : text(fact as T);
}

export function reportData({ analysis, groups }: ShowContext, report: Report): Answer['data'] {
  const accepted = accepts(groups.policy, groups.graph);
  return {
    kind: 'show',
    machine: machineData(analysis),
    policy: policyData(groups.policy),
    target: { sort: report.sort, name: report.name },
    ...Object.fromEntries(report.entries.map((e) => [e.key, e.data])),
    ...Object.fromEntries(report.sections.map((s) => [s.key, s.data])),
    interferences: report.interferences.map((edge) => ({
      accepted: accepted(edge),
      ...interferenceData(analysis, edge),
    })),
  };
}

export function reportText(context: ShowContext, report: Report, style: Style): string {
  const blocks = [
    [
      paragraph(`${style.strong(style.name(report.name))}${report.title}`, style.width, '', '  '),
      ...entryLines(report.entries, style),
    ].join('\n'),
  ];
  for (const section of report.sections) {
    const text = section.text(style);
    if (text !== '') blocks.push(`${style.strong(section.title)}\n${text}`);
  }
  blocks.push(interferenceText(context, report.interferences, style));
  return blocks.join('\n\n');
}

function entryLines(entries: readonly Entry[], style: Style): readonly string[] {
  const width = Math.max(...entries.map((e) => e.label.length)) + 2;
  return entries.flatMap(({ label, lines }) =>
    lines.map((line, k) => paragraph(line, style.width, `  ${style.faint((k === 0 ? label : '').padEnd(width))}`)),
  );
}

function interferenceText({ analysis, groups }: ShowContext, edges: readonly Interference[], style: Style): string {
  const title = style.strong('INTERFERENCES');
  if (edges.length === 0) return `${title}\n  none`;
  const accepted = accepts(groups.policy, groups.graph);
  const ordered = [...edges.filter((e) => !accepted(e)), ...edges.filter(accepted)];
  const lines = ordered.map((edge) => {
    const mark = accepted(edge)
      ? style.faint('accepted')
      : edge.undecided !== undefined
        ? style.doubt('not known')
        : style.bad('present');
    return paragraph(
      `${mark}: ${edge.kind} at ${placeSentence(analysis, edge.where)}. ${capital(obstacleSentence(analysis, edge))}.`,
      style.width,
      '  - ',
    );
  });
  return [title, ...lines].join('\n');
}
