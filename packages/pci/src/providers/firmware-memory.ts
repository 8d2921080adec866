/**
 * @module Memory that the firmware wants a device to reach whatever the IOMMU says: RMRR (VT-d), unity maps (AMD-Vi), and
 * whatever else the kernel lists as a direct region.
 */
import type { Evidence, Interference, Span } from '@isogroups/core';
import { formatAddress, requesterId } from '../facts/address.ts';
import { known } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { createFunctionIndex } from '../kernel/coverage/function-index.ts';
import { matchScope } from '../kernel/coverage/vtd.ts';
import type { Topology } from '../topology/topology.ts';
import { below, type Provider, type ProviderInput, single, toSpans } from './provider.ts';
import { REMEDIES } from './remedies.ts';

export const firmwareMemory: Provider = {
  name: 'firmware memory',
  interferences(input) {
    const fromTables = [...rmrrs(input), ...unityMaps(input)];
    return fromTables.length > 0 ? fromTables : [...directRegions(input.topology)];
  },
};

function edge(where: number, actors: readonly Span[], evidence: Evidence): Interference {
  return {
    kind: 'firmware-memory',
    where: { kind: 'device', party: where },
    actors,
    reach: 'host',
    mutual: false,
    evidence: [evidence],
    remedies: REMEDIES.firmwareMemory,
  };
}

function* rmrrs({ topology }: ProviderInput): Generator<Interference> {
  const dmar = known(topology.machine.firmware.dmar);
  if (!dmar || dmar.rmrrs.length === 0) return;
  const find = createFunctionIndex(topology);
  for (const rmrr of dmar.rmrrs) {
    for (const scope of rmrr.scopes) {
      const i = matchScope(topology, find, rmrr.segment, scope);
      if (i === undefined) continue;
      yield edge(i, [single(i), ...below(topology, i)], {
        kind: 'table',
        table: 'DMAR',
        offset: rmrr.offset,
        says: `reserved memory ${range(rmrr.base, rmrr.limit)} for ${name(topology, i)}${relaxable(topology, i)}`,
      });
    }
  }
}

/** The kernel lets graphics and USB controllers be assigned in spite of an RMRR ("direct-relaxable"). */
function relaxable(topology: Topology, i: number): string {
  const code = known((topology.machine.functions[i] as PciFunction).classCode);
  const relaxed = code !== undefined && (code >> 16 === 0x03 || code >> 8 === 0x0c03);
  return relaxed ? ' (the kernel permits assignment of graphics and USB controllers all the same)' : '';
}

function* unityMaps({ topology }: ProviderInput): Generator<Interference> {
  const ivrs = known(topology.machine.firmware.ivrs);
  if (!ivrs) return;
  for (const ivmd of ivrs.ivmds) {
    if (!ivmd.unityMap && !ivmd.exclusionRange) continue;
    const members = topology.machine.functions.flatMap((f, i) => {
      const id = requesterId(f);
      return f.segment === ivmd.segment && id >= ivmd.first && id <= ivmd.last ? [i] : [];
    });
    const first = members[0];
    if (first === undefined) continue;
    yield edge(first, toSpans(members), {
      kind: 'table',
      table: 'IVRS',
      offset: ivmd.offset,
      says: `unity-mapped memory ${range(ivmd.start, ivmd.start + ivmd.length - 1n)}`,
    });
  }
}

/** Where no table tells, the kernel's own list of a group's reserved regions does. */
function* directRegions(topology: Topology): Generator<Interference> {
  const groups = known(topology.machine.kernel.groups) ?? [];
  if (groups.length === 0) return;
  const indexOf = new Map(topology.machine.functions.map((f, i) => [formatAddress(f), i]));
  for (const group of groups) {
    const direct = (known(group.reservedRegions) ?? []).find((r) => r.type === 'direct');
    const members = group.members.flatMap((m) => indexOf.get(m) ?? []).sort((a, b) => a - b);
    const first = members[0];
    if (direct === undefined || first === undefined) continue;
    yield edge(first, toSpans(members), {
      kind: 'host',
      file: `sys/kernel/iommu_groups/${group.id}/reserved_regions`,
      says: `direct region ${range(direct.start, direct.end)}`,
    });
  }
}

const range = (from: bigint, to: bigint): string => `0x${from.toString(16)}-0x${to.toString(16)}`;

function name(topology: Topology, i: number): string {
  return formatAddress(topology.machine.functions[i] as PciFunction);
}
