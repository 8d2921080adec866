/**
 * @module The VT-d units of a DMAR table in the order in which they register. It follows from the table alone, and a machine
 * may be looked at many times, so it is worked out once for a table.
 */
import type { DmarTable, Drhd } from '../../acpi/dmar.ts';
import type { IommuUnit } from './coverage.ts';

export interface VtdUnits {
  readonly drhds: readonly Drhd[];
  readonly units: readonly IommuUnit[];
  /** Units, by number, that serve what their device scopes name. */
  readonly scoped: readonly number[];
  /** Of each segment the unit that takes all that no other names: the first one wins. */
  readonly catchAll: ReadonlyMap<number, number>;
}

const KNOWN = new WeakMap<DmarTable, VtdUnits>();

export function vtdUnits(dmar: DmarTable): VtdUnits {
  const known = KNOWN.get(dmar) ?? workOut(dmar);
  KNOWN.set(dmar, known);
  return known;
}

function workOut(dmar: DmarTable): VtdUnits {
  const drhds = registrationOrder(dmar.drhds);
  const numberOf = new Map(dmar.drhds.map((drhd, number) => [drhd, number]));
  const units = drhds.map((drhd): IommuUnit => {
    const number = numberOf.get(drhd);
    return { kind: 'vt-d', name: `vtd${number}`, kernelName: `dmar${number}`, table: 'DMAR', offset: drhd.offset };
  });
  const catchAll = new Map<number, number>();
  const scoped: number[] = [];
  drhds.forEach(({ includeAll, segment }, unit) => {
    if (!includeAll) scoped.push(unit);
    else if (!catchAll.has(segment)) catchAll.set(segment, unit);
  });
  return { drhds, units, scoped, catchAll };
}

/** The kernel puts units without INCLUDE_PCI_ALL at the head of its list and the others at the tail. */
function registrationOrder(drhds: readonly Drhd[]): readonly Drhd[] {
  const seen = new Map<number, Set<bigint>>();
  const unique = drhds.filter(({ segment, registerBase }) => {
    const bases = seen.get(segment) ?? new Set<bigint>();
    seen.set(segment, bases);
    return bases.size < bases.add(registerBase).size;
  });
  return [...unique.filter((d) => !d.includeAll).reverse(), ...unique.filter((d) => d.includeAll)];
}
