/**
 * @module The answer of `why` as text.
 */
import { accepts, type ChainStep, type Interference, joins } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import type { Style } from '../../render/style.ts';
import { capital, paragraph } from '../../render/text.ts';
import { ACS_BIT_WORDS } from '../../sentences/acs.ts';
import { blame } from '../../sentences/blame.ts';
import { evidenceSentence, placeSentence, undecidedSentence } from '../../sentences/interference.ts';
import { remedySentence } from '../../sentences/remedy.ts';
import type { Chain, Why } from './find-chains.ts';
import { endName, stepSentence } from './step-sentence.ts';

export function whyText(found: Why, style: Style): string {
  const blocks = [paragraph(verdict(found, style), style.width)];
  for (const chain of found.chains) blocks.push(...chainBlocks(found, chain, style));
  if (found.guarantees.length > 0) {
    const lines = found.guarantees.map((g) => paragraph(`${g.says}.`, style.width, '  - '));
    blocks.push(
      [style.strong(found.to === 'host' ? 'WHAT PREVENTS IT' : 'WHAT KEEPS THEM APART'), ...lines].join('\n'),
    );
  }
  const legend = bitLegend(found);
  if (legend !== '') blocks.push(style.faint(paragraph(legend, style.width)));
  return blocks.join('\n\n');
}

function verdict({ analysis, policy, from, to, chains }: Why, style: Style): string {
  const pair = `${style.name(endName(analysis, from))} and ${style.name(endName(analysis, to))}`;
  const open = chains.find((c) => !c.accepted);
  if (open === undefined) {
    const but = chains.length === 0 ? '' : '; what the policy accepts would';
    const disturb =
      to === 'host' ? `${style.name(endName(analysis, from))} disturb the host` : `${pair} disturb each other`;
    return `${style.good('No.')} Under policy ${policy.name} nothing lets ${disturb}${but}.`;
  }
  const unsure = open.steps.some((s) => s.edge.undecided !== undefined);
  const through = open.via === 'host' && to !== 'host' ? ' through the host' : '';
  const steps = open.steps.length === 1 ? 'in one step' : `in ${open.steps.length} steps`;
  const can =
    to === 'host' ? `${style.name(endName(analysis, from))} can disturb the host` : `${pair} can disturb each other`;
  return unsure
    ? `${style.doubt('Perhaps.')} As far as is known ${can}${through}, ${steps}.`
    : `${style.bad('Yes.')} ${capital(can)}${through}, ${steps}.`;
}

function chainBlocks(found: Why, chain: Chain, style: Style): readonly string[] {
  const blocks: string[] = [];
  if (chain.accepted) blocks.push(style.strong('OVER WHAT THE POLICY ACCEPTS'));
  chain.steps.forEach((step, i) => {
    blocks.push(stepBlock(found, step, chain.steps.length === 1 ? '' : `${i + 1}. `, style));
  });
  if (chain.via === 'host' && found.to !== 'host') {
    const text = `What disturbs the host disturbs the memory and the interrupts that the driver of ${endName(found.analysis, found.to)} works with.`;
    blocks.push(paragraph(text, style.width));
  }
  return blocks;
}

function stepBlock({ analysis, policy }: Why, step: ChainStep, number: string, style: Style): string {
  const { edge } = step;
  const accepted = accepts(policy, analysis.graph)(edge) ? ', accepted' : '';
  const head = `${style.strong(`${number}${capital(stepSentence(analysis, step))}`)} (${edge.kind} at ${placeSentence(analysis, edge.where)}${accepted}).`;
  const indent = ' '.repeat(number.length);
  const lines = [paragraph(head, style.width, '', indent)];
  const entry = (label: string, text: string): void => {
    lines.push(paragraph(text, style.width, `${indent}${style.faint(label.padEnd(10))}`));
  };
  edge.evidence.forEach((e, k) => {
    const file = e.kind === 'register' ? analysis.machine.functions[e.party]?.config?.file : undefined;
    entry(k === 0 ? 'Evidence' : '', `${evidenceSentence(analysis, e)}${file === undefined ? '' : `, says ${file}`}.`);
  });
  for (const other of alike(analysis, step)) {
    const because = blame(analysis, other.evidence);
    entry('Likewise', `at ${placeSentence(analysis, other.where)}: ${because}.`);
  }
  const unknown = undecidedSentence(edge);
  if (unknown !== undefined) entry('Undecided', `${unknown}.`);
  edge.remedies.forEach((r, k) => {
    entry(k === 0 ? 'Remedy' : '', `${k === 0 ? '' : 'or '}${remedySentence(analysis, edge, r)}.`);
  });
  return lines.join('\n');
}

/** Other interferences of the same kind between the two: a remedy for the one alone would not part them. */
function alike({ graph }: Analysis, { from, to, edge }: ChainStep): readonly Interference[] {
  if (from === 'host' || to === 'host') return [];
  return graph.interferences.filter((other) => other !== edge && other.kind === edge.kind && joins(other, from, to));
}

/** Full names of the bits that the answer calls by two letters. */
function bitLegend({ chains, guarantees }: Why): string {
  const said = [
    ...chains.flatMap((c) =>
      c.steps.flatMap((s) => s.edge.evidence.flatMap((e) => (e.kind === 'register' ? e.missing : []))),
    ),
    ...guarantees.flatMap((g) => g.says.match(/\b[A-Z]{2}\b/g) ?? []),
  ];
  const bits = Object.keys(ACS_BIT_WORDS).filter((bit) => said.includes(bit));
  return bits.map((bit) => `${bit} ${ACS_BIT_WORDS[bit]}`).join(', ');
}
