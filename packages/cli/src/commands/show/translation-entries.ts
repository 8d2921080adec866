/**
 * @module What `show` says of the way from a device to memory: requester ids, IOMMU, interrupts, ATS.
 */
import {
  type Fact,
  formatRequesterId,
  interruptIsolation,
  isUnknown,
  type PciFunction,
  requesterIds,
  type SwitchableCapability,
} from '@isogroups/pci';
import { factData, hexData } from '../../data/fact-data.ts';
import { type Entry, entry, factText, type ShowContext } from './report.ts';
import { reservedEntry } from './reserved-entry.ts';

export function translationEntries(context: ShowContext, party: number, f: PciFunction): readonly Entry[] {
  return [
    unit(context, party),
    requesters(context, party),
    interrupts(context),
    reservedEntry(context, party),
    switchable('ats', 'ATS', f.ats),
    switchable('pasid', 'PASID', f.pasid),
    switchable('pri', 'PRI', f.pri),
  ];
}

function unit({ analysis }: ShowContext, party: number): Entry {
  const { coverage } = analysis.replay;
  const u = coverage.units[coverage.unitOf(party)];
  const because = coverage.because(party);
  const data = { unit: u?.name ?? null, kernelName: u?.kernelName ?? null, because };
  const kernelName = u?.kernelName === undefined ? '' : `, ${u.kernelName} to the kernel`;
  return entry('iommu', 'IOMMU', data, u === undefined ? `none: ${because}` : `${u.name}${kernelName}: ${because}`);
}

function requesters({ analysis }: ShowContext, party: number): Entry {
  const ids = requesterIds(analysis.topology, analysis.replay.aliases, party).map(formatRequesterId);
  const seenAs = analysis.replay.coverage.seenAs?.(party);
  const seen = seenAs === undefined ? undefined : `the IOMMU sees it as ${seenAs}`;
  return entry('requesterIds', 'Requester ids', { ids, seenAs: seenAs ?? null }, ids.join(', '), seen);
}

function interrupts({ analysis }: ShowContext): Entry {
  const isolation = interruptIsolation(analysis.machine, analysis.options);
  return entry(
    'interrupts',
    'Interrupts',
    factData(isolation),
    factText(isolation, ({ isolated, because }) => `${isolated ? 'remapped' : 'not remapped'}: ${because}`),
  );
}

function switchable(key: string, label: string, fact: Fact<SwitchableCapability | null>): Entry {
  const data = factData(fact, (c) =>
    c === null ? null : { offset: hexData(c.offset, 3), enabled: factData(c.enabled) },
  );
  const text = factText(fact, (c) => {
    if (c === null) return 'none';
    const state = isUnknown(c.enabled) ? `not known whether it is on: ${c.enabled.why}` : c.enabled ? 'on' : 'off';
    return `${state} (capability at ${hexData(c.offset, 3)})`;
  });
  return entry(key, label, data, text);
}
