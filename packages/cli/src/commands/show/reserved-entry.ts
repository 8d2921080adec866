/**
 * @module Memory that an IOMMU domain of a device or group has to leave alone or map as it is.
 */
import { interferencesOf } from '@isogroups/core';
import { type Fact, isUnknown, known, type ReservedRegion } from '@isogroups/pci';
import { factData, hexData } from '../../data/fact-data.ts';
import { evidenceSentence } from '../../sentences/interference.ts';
import { kernelGroupNumbers } from '../../sentences/kernel-differences.ts';
import { type Entry, entry, type ShowContext } from './report.ts';

/** Of a device: what the kernel lists for its group, and what firmware tables demand for it. */
export function reservedEntry(context: ShowContext, party: number): Entry {
  const { analysis } = context;
  const regions = regionsOf(context, [kernelGroupNumbers(analysis)[party] as number]);
  const tables = interferencesOf(analysis.graph, party)
    .filter((edge) => edge.kind === 'firmware-memory')
    .flatMap((edge) => edge.evidence.filter((e) => e.kind === 'table').map((e) => evidenceSentence(analysis, e)));
  const lines = [...regionLines(regions), ...tables];
  return entry(
    'reservedRegions',
    'Reserved',
    { regions: regionsData(regions), tables },
    ...(lines.length === 0 ? ['none'] : lines),
  );
}

/** Of groups of the kernel: what it lists for any of them. */
export function reservedOfGroups(context: ShowContext, kernelGroups: readonly number[]): Entry {
  const regions = regionsOf(context, kernelGroups);
  return entry('reservedRegions', 'Reserved', regionsData(regions), ...regionLines(regions));
}

function regionsOf({ analysis }: ShowContext, kernelGroups: readonly number[]): Fact<readonly ReservedRegion[]> {
  const groups = (known(analysis.machine.kernel.groups) ?? []).filter((g) => kernelGroups.includes(g.id));
  const unread = groups.map((g) => g.reservedRegions).find(isUnknown);
  if (unread !== undefined) return unread;
  const all = groups.flatMap((g) => known(g.reservedRegions) ?? []);
  return [...new Map(all.map((r) => [regionText(r), r])).values()];
}

function regionsData(regions: Fact<readonly ReservedRegion[]>): unknown {
  return factData(regions, (list) => list.map((r) => ({ start: hexData(r.start), end: hexData(r.end), type: r.type })));
}

function regionLines(regions: Fact<readonly ReservedRegion[]>): readonly string[] {
  return isUnknown(regions) ? [`not known: ${regions.why}`] : regions.map(regionText);
}

function regionText({ start, end, type }: ReservedRegion): string {
  return `${hexData(start)}-${hexData(end)} ${type}`;
}
