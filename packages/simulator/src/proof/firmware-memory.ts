/**
 * @module Memory that the firmware wants devices to reach, and which functions: identity mappings that the host has to make
 * in whatever domain these are in. Read from the tables by the paths and ids that stand in them.
 */
import { formatAddress, known, type Machine, type PciFunction, requesterId } from '@isogroups/pci';
import type { Range } from '../fabric/fabric.ts';

export interface FirmwareMemory {
  readonly range: Range;
  /** Functions, by index. */
  readonly functions: readonly number[];
}

export function firmwareMemoryOf(machine: Machine): readonly FirmwareMemory[] {
  const fromTables = [...reservedRegions(machine), ...unityMaps(machine)].filter((m) => m.functions.length > 0);
  return fromTables.length > 0 ? fromTables : directRegions(machine);
}

const rangeOf = (first: bigint, last: bigint): Range => ({ first: Number(first), last: Number(last) });

/** RMRR structures of the DMAR table: a scope names a function by its path; what is below a bridge is meant with it. */
function reservedRegions({ functions, firmware }: Machine): readonly FirmwareMemory[] {
  const rmrrs = known(firmware.dmar)?.rmrrs ?? [];
  return rmrrs.map(({ base, limit, segment, scopes }) => {
    const named = scopes.flatMap(({ type, startBus, path }) => {
      if (type !== 1 && type !== 2) return [];
      const [first, ...rest] = path.map((hop) => (hop.device << 3) | hop.function);
      const start = functions.findIndex((f) => f.segment === segment && f.bus === startBus && f.devfn === first);
      const end = rest.reduce(
        (at, devfn) =>
          at < 0 ? at : functions.findIndex((f) => f.parent === at && f.devfn === devfn && f.physicalFunction < 0),
        start,
      );
      const isWhole = start >= 0 && ((functions[start] as PciFunction).parent < 0 || rest.length === 0);
      return isWhole && end >= 0 && (functions[end] as PciFunction).physicalFunction < 0 ? [end] : [];
    });
    return { range: rangeOf(base, limit), functions: withAllBelow(functions, new Set(named)) };
  });
}

function withAllBelow(functions: readonly PciFunction[], named: Set<number>): readonly number[] {
  // Parents come first.
  functions.forEach((f, i) => {
    if (f.parent >= 0 && named.has(f.parent)) named.add(i);
  });
  return [...named].sort((a, b) => a - b);
}

/** IVMD blocks of the IVRS table: ranges of requester ids. */
function unityMaps({ functions, firmware }: Machine): readonly FirmwareMemory[] {
  const blocks = (known(firmware.ivrs)?.ivmds ?? []).filter((b) => b.unityMap || b.exclusionRange);
  return blocks.map((b) => ({
    range: rangeOf(b.start, b.start + b.length - 1n),
    functions: functions.flatMap((f, i) => {
      const id = requesterId(f);
      return f.segment === b.segment && id >= b.first && id <= b.last ? [i] : [];
    }),
  }));
}

/** Where no table tells: what the kernel lists for its groups as mapped whatever the domain. */
function directRegions({ functions, kernel }: Machine): readonly FirmwareMemory[] {
  const indexOf = new Map(functions.map((f, i) => [formatAddress(f), i]));
  return (known(kernel.groups) ?? []).flatMap((group) => {
    const members = group.members.flatMap((m) => indexOf.get(m) ?? []);
    return (known(group.reservedRegions) ?? [])
      .filter((r) => r.type === 'direct')
      .map((r) => ({ range: rangeOf(r.start, r.end), functions: members }));
  });
}
