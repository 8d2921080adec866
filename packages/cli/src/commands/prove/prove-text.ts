/**
 * @module The answer of `prove` as text.
 */
import { membersOf } from '@isogroups/core';
import type { Escape, Unshown } from '@isogroups/simulator';
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { paragraph } from '../../render/text.ts';
import { interferenceSentence, placeSentence } from '../../sentences/interference.ts';
import { listNames, nameOf } from '../../sentences/party.ts';
import { pathData } from '../attack/attack-data.ts';
import type { Proven } from './prove-data.ts';

/** As many ways out as are worth reading. */
const MOST = 5;

export function proveText(found: Proven, style: Style): string {
  const { proof, whose } = found;
  const blocks = [paragraph(verdict(found, style), style.width), figures(found, style)];
  for (const out of worstFirst(found).slice(0, MOST)) blocks.push(escapeText(found, out, style));
  if (proof.escapes.length > MOST) blocks.push(`And ${proof.escapes.length - MOST} more; --json has all.`);
  if (whose === 'graph') for (const edge of proof.unshown.slice(0, MOST)) blocks.push(unshownText(found, edge, style));
  return blocks.join('\n\n');
}

/** What devices do to each other before what bridges do, which nobody hands over. */
function worstFirst({ analysis, proof }: Proven): readonly Escape[] {
  const { isBridge } = analysis.graph.parties;
  const bridges = ({ party, reached }: Escape): number =>
    Number(isBridge(party)) + Number(reached.kind === 'function' && isBridge(reached.function));
  return [...proof.escapes].sort((a, b) => bridges(a) - bridges(b));
}

function verdict({ proof, whose }: Proven, style: Style): string {
  const { name } = proof.groups.policy;
  const groups = whose === 'graph' ? `its group under policy ${name}` : "its group of the kernel's";
  if (proof.escapes.length > 0) {
    const beyond = whose === 'graph' ? '' : `, past what policy ${name} accepts`;
    return `${style.bad('Not proven.')} Packets get out of their groups${beyond}.`;
  }
  if (whose === 'graph' && proof.unshown.length > 0) {
    return `${style.bad('Not proven.')} No packet gets out of ${groups}, but no packet shows all of the interferences.`;
  }
  const shown = whose === 'graph' ? ', and packets show every interference that packets can show' : '';
  return `${style.good('Proven.')} No packet gets out of ${groups}${shown}.`;
}

function figures({ proof, whose }: Proven, style: Style): string {
  const rows = [
    ['packets', `${proof.attempts} sent, standing for every requester id and every target`],
    ['groups', `${proof.groups.groupCount}, a domain for each`],
    ['escapes', proof.escaped === 0 ? style.good('none') : style.bad(`${proof.escaped} packets`)],
  ];
  if (whose === 'graph') {
    const parts = [`${proof.shown} shown`];
    if (proof.unshown.length > 0) parts.push(style.bad(`${proof.unshown.length} not shown`));
    if (proof.undecided > 0) parts.push(style.doubt(`${proof.undecided} rest on facts that were not read`));
    if (proof.beyondPackets > 0) parts.push(`${proof.beyondPackets} that no packet can show`);
    rows.push(['interferences', parts.join(', ')]);
  }
  return table([{}, { fit: 'wrap' }], rows, { width: style.width });
}

function escapeText({ analysis, proof }: Proven, out: Escape, style: Style): string {
  const { party, reached, path, outcome } = out;
  const target = ((): string => {
    switch (reached.kind) {
      case 'function':
        return style.name(nameOf(analysis, reached.function));
      case 'domain':
        return `the memory of ${listNames(analysis, [...membersOf(proof.groups, reached.domain)])}`;
      case 'host-memory':
        return "the host's memory";
      case 'interrupts':
        return 'the interrupts of the host';
    }
  })();
  const rows = pathData(analysis, path, outcome).map(({ at, says }) => [style.name(at), says]);
  return [
    style.strong(paragraph(`${nameOf(analysis, party)} reaches ${target}:`, style.width)),
    table([{}, { fit: 'wrap' }], rows, { width: style.width, indent: 2 }),
  ].join('\n');
}

function unshownText({ analysis }: Proven, { edge, idle, untouched }: Unshown, style: Style): string {
  const says = `Not shown: ${interferenceSentence(analysis, edge)} (${edge.kind} at ${placeSentence(analysis, edge.where)}).`;
  const lines = [paragraph(says, style.width)];
  if (idle.length > 0) lines.push(paragraph(`no packet of ${listNames(analysis, idle)} does it`, style.width, '  '));
  if (untouched.length > 0) {
    lines.push(paragraph(`no packet disturbs ${listNames(analysis, untouched)}`, style.width, '  '));
  }
  return lines.join('\n');
}
