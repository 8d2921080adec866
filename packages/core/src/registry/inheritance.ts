/**
 * @module Which group a component inherits: identity survives a recomputation.
 */
import type { DeviceRecord, GroupRecord } from './records.ts';

/** A component on its way to become a group. */
export interface Part {
  readonly records: readonly DeviceRecord[];
  /** Unit and lowest member. */
  readonly name: string;
}

/** A device that was put into a group by hand weighs more than any number that follows from facts. */
const BY_HAND = 2 ** 32;

/**
 * For each part the group with which it shares most devices, hand-made ones first; where two share as many, the older group, and the part with the device that came first.
 * Undefined: none is left for it.
 */
export function inherit(parts: readonly Part[]): readonly (GroupRecord | undefined)[] {
  const heirs: (GroupRecord | undefined)[] = new Array(parts.length).fill(undefined);
  const taken = new Set<GroupRecord>();
  const bids: { readonly part: number; readonly group: GroupRecord; readonly weight: number }[] = [];
  parts.forEach((part, k) => {
    const same = unchanged(part);
    if (same !== undefined) {
      heirs[k] = same;
      taken.add(same);
    } else for (const [group, weight] of candidates(part)) bids.push({ part: k, group, weight });
  });
  const lowest = ({ part }: { readonly part: number }): number => parts[part]?.records[0]?.serial ?? 0;
  bids.sort((a, b) => b.weight - a.weight || a.group.serial - b.group.serial || lowest(a) - lowest(b));
  for (const { part, group } of bids) {
    if (heirs[part] !== undefined || taken.has(group)) continue;
    heirs[part] = group;
    taken.add(group);
  }
  return heirs;
}

/** The usual case, without counting: all of the group and nobody else. */
function unchanged({ records }: Part): GroupRecord | undefined {
  const group = records[0]?.group;
  if (group === undefined || group.records.length !== records.length) return undefined;
  const same = records.every((r, k) => group.records[k] === r && (r.madeFor === undefined || r.madeFor === group));
  return same && mayInherit(records, group) ? group : undefined;
}

function candidates({ records }: Part): ReadonlyMap<GroupRecord, number> {
  const weights = new Map<GroupRecord, number>();
  const add = (group: GroupRecord | undefined, weight: number): void => {
    if (group !== undefined) weights.set(group, (weights.get(group) ?? 0) + weight);
  };
  for (const record of records) {
    add(record.group, 1);
    add(record.madeFor, BY_HAND);
  }
  for (const group of weights.keys()) if (!mayInherit(records, group)) weights.delete(group);
  return weights;
}

/** A group stays with its owner and in its domain; one that was made by hand stays with what was put there. */
function mayInherit(records: readonly DeviceRecord[], group: GroupRecord): boolean {
  const { claim, domain } = records[0] as DeviceRecord;
  if (group.claim !== undefined && group.claim !== claim) return false;
  const enters = group.records.length === 0 && group.domain === undefined;
  if (group.domain !== domain && !enters) return false;
  if (group.made === undefined || group.claim !== undefined) return true;
  return records.some((r) => r.madeFor === group);
}
