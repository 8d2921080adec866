/**
 * @module The answer of `attack` as text.
 */
import { groupName } from '@isogroups/core';
import { formatRequesterId } from '@isogroups/pci';
import { domainOfPage } from '@isogroups/simulator';
import { hexData } from '../../data/fact-data.ts';
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { paragraph } from '../../render/text.ts';
import { nameOf } from '../../sentences/party.ts';
import { type Attack, pathData } from './attack-data.ts';

export function attackText(found: Attack, style: Style): string {
  return [
    paragraph(verdict(found, style), style.width),
    pathText(found, style),
    style.faint(paragraph(footnote(found), style.width)),
  ].join('\n\n');
}

function verdict(found: Attack, style: Style): string {
  const what = packetWords(found, style.name(nameOf(found.analysis, found.from)));
  const target = aimWords(found, style);
  if (found.hits) return `${style.bad('Yes.')} ${what} reaches ${target}: ${standing(found)}.`;
  if (found.outcome.kind === 'stopped') return `${style.good('No.')} ${what} does not reach ${target}.`;
  return `${style.good('No.')} ${what} does not reach ${target}. It ends elsewhere: ${standing(found)}.`;
}

function packetWords({ packet }: Attack, sender: string): string {
  if (packet.kind === 'completion') return `A completion from ${sender}`;
  const sort = packet.kind === 'read' ? 'A read' : 'A write';
  return `${sort} by ${sender} at ${hexData(packet.address)}${packet.translated ? ', marked as translated,' : ''}`;
}

function aimWords({ analysis, groups, aim }: Attack, style: Style): string {
  switch (aim.kind) {
    case 'device':
      return style.name(nameOf(analysis, aim.party));
    case 'host-memory':
      return "the host's memory";
    case 'group-memory':
      return `the memory of ${style.name(groupName(groups, aim.group))}`;
    case 'doorbell':
      return 'the interrupts of the host';
    case 'address':
      return 'anything';
  }
}

function standing({ escapes, groups, from, outcome }: Attack): string {
  const { name } = groups.policy;
  if (escapes) return `that is out of its group under policy ${name}, and the graph does not know of it`;
  const own = groups.groupOf[from] as number;
  const reached =
    outcome.kind === 'function'
      ? groups.groupOf[outcome.function]
      : outcome.kind === 'memory'
        ? domainOfPage(outcome.address)
        : undefined;
  if (reached === own) return `that is inside its group under policy ${name}`;
  return groups.hostState[own] === 0
    ? `that is out of its group, by an interference that policy ${name} accepts`
    : `its group under policy ${name} is one with the host, and not assignable`;
}

function pathText({ analysis, path, outcome }: Attack, style: Style): string {
  const rows = pathData(analysis, path, outcome).map(({ at, says }) => [style.name(at), says]);
  return table([{}, { fit: 'wrap' }], rows, { width: style.width, indent: 2 });
}

function footnote({ packet }: Attack): string {
  const as = formatRequesterId(packet.requester);
  return `Taken for granted: the attacker commands all of the device (requester id ${as}), bus mastering is on, and every group has a domain of its own. Addresses are of a model: each function claims some, each domain maps one page.`;
}
