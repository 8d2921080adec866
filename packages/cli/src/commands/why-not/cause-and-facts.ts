/**
 * @module What the facts of the machine say to the cause that an error text names.
 */
import { spansHold } from '@isogroups/core';
import { type Analysis, known } from '@isogroups/pci';
import { evidenceSentence, placeSentence } from '../../sentences/interference.ts';
import { listSpans, listWords, nameOf } from '../../sentences/party.ts';
import { shortNames } from '../../sentences/short-names.ts';
import type { ErrorCause } from './error-patterns.ts';
import type { Handover } from './handover.ts';
import type { Hindrance } from './hindrance.ts';

export interface Bearing {
  /** `yes`: the facts show it. `no`: they show that it is not so now. `unknown`: they do not tell. */
  readonly confirmed: 'yes' | 'no' | 'unknown';
  /** Sentences without a full stop. */
  readonly facts: readonly string[];
}

/** @param parties What the text is about: the devices that it names, or the members of the group. */
export function bearingOf(analysis: Analysis, parties: readonly number[], found: Handover, cause: ErrorCause): Bearing {
  switch (cause) {
    case 'group-not-viable':
      return fromHindrances(found, ['driver'], 'no member of the group has a driver that would block it now');
    case 'interrupts':
      return fromHindrances(found, ['interrupts'], 'interrupts are isolated now');
    case 'firmware-memory':
      return fromHindrances(found, ['direct-region', 'firmware-memory'], 'the firmware keeps no memory for the group');
    case 'refused-by-iommu':
      return fromHindrances(
        found,
        ['interrupts', 'direct-region', 'firmware-memory', 'untranslated'],
        'interrupts are isolated, and the firmware keeps no memory for the group',
      );
    case 'no-kernel-group':
      return fromHindrances(found, ['no-kernel-group', 'untranslated'], 'it has a kernel group now');
    case 'not-bound-to-vfio':
      return boundToVfio(analysis, parties);
    case 'reserved-region':
      return { confirmed: 'unknown', facts: reservedRegions(analysis, found) };
    case 'reset-scope':
      return resetScope(analysis, parties);
    case 'in-use':
    case 'several-address-spaces':
      return { confirmed: 'unknown', facts: together(analysis, found) };
    case 'not-permitted':
    case 'locked-memory':
    case 'too-many-mappings':
      return { confirmed: 'unknown', facts: [] };
  }
}

function fromHindrances(found: Handover, kinds: readonly Hindrance['kind'][], otherwise: string): Bearing {
  const these = found.hindrances.filter((h) => kinds.includes(h.kind) && h.refusedBy.includes('kernel'));
  const asWell = found.hindrances.filter((h) => kinds.includes(h.kind) && !h.refusedBy.includes('kernel'));
  const all = [...these, ...asWell];
  if (all.length === 0) return { confirmed: 'no', facts: [otherwise] };
  return { confirmed: these.some((h) => h.certain) ? 'yes' : 'unknown', facts: all.map((h) => h.text) };
}

function boundToVfio(analysis: Analysis, parties: readonly number[]): Bearing {
  const { machine, graph } = analysis;
  const facts: string[] = [];
  let confirmed: Bearing['confirmed'] = 'no';
  for (const p of parties) {
    const f = machine.functions[p];
    if (f === undefined || graph.parties.isBridge(p)) continue;
    const driver = known(f.host.driver);
    if (driver === undefined) {
      if (confirmed === 'no') confirmed = 'unknown';
      facts.push(`the driver of ${nameOf(analysis, p)} is not known`);
    } else if (driver === null || !driver.includes('vfio')) {
      confirmed = 'yes';
      facts.push(`${nameOf(analysis, p)} ${driver === null ? 'has no driver' : `is bound to ${driver}`}`);
    } else facts.push(`${nameOf(analysis, p)} is bound to ${driver} now`);
  }
  return facts.length === 0 ? { confirmed: 'unknown', facts } : { confirmed, facts };
}

function reservedRegions({ machine }: Analysis, found: Handover): readonly string[] {
  const facts: string[] = [];
  for (const group of known(machine.kernel.groups) ?? []) {
    if (!found.kernelGroups.includes(group.id)) continue;
    for (const r of known(group.reservedRegions) ?? []) {
      facts.push(`kernel group ${group.id} reserves 0x${r.start.toString(16)}-0x${r.end.toString(16)} (${r.type})`);
    }
  }
  return facts;
}

function resetScope(analysis: Analysis, parties: readonly number[]): Bearing {
  const edges = analysis.graph.interferences.filter(
    (edge) => edge.kind === 'shared-reset' && parties.some((p) => spansHold(edge.actors, p)),
  );
  if (edges.length === 0) return { confirmed: 'no', facts: ['it has a reset of its own, or is alone on its bus'] };
  return {
    confirmed: edges.every((edge) => edge.undecided !== undefined) ? 'unknown' : 'yes',
    facts: edges.map((edge) => {
      const others = edge.reach === 'host' ? [] : edge.reach;
      const evidence = edge.evidence.map((e) => evidenceSentence(analysis, e)).join(', ');
      return `below ${placeSentence(analysis, edge.where)} a reset takes ${listSpans(analysis, [...edge.actors, ...others])}: ${evidence}`;
    }),
  };
}

function together(analysis: Analysis, found: Handover): readonly string[] {
  const short = shortNames(analysis);
  return found.kernelGroups.map((id) => {
    const members = found.members.filter((m) => m.kernelGroup === id && !m.bridge).map((m) => short(m.device));
    return `kernel group ${id} has the endpoints ${listWords(members, 8)}`;
  });
}
