/**
 * @module The requester ids that a function can make up, one of each sort.
 *
 * Of all 65 536 ids a packet's way depends on two things alone: which validating ports above the function have its bus
 * number in their range, and what the units hold for it. Ids that agree in both are one sort, and one of them is tried. So
 * what is tried stands for every id there is.
 *
 * On a root bus the root complex itself gives the ids; ports send nothing of their own making; and what a bridge or a VMD
 * replaces cannot be made up.
 */
import type { FabricFunction } from '../fabric/fabric.ts';
import { ownedId } from '../fabric/rules/ownership.ts';
import { isInRange, validates } from '../fabric/rules/source-validation.ts';
import type { Entry } from './requester-table.ts';

export interface ForgeableId {
  /** 16 bits. */
  readonly id: number;
  /** What the units hold for it; undefined: nothing. */
  readonly entry: Entry | undefined;
}

/** Ids of one segment that are programmed, by bus. */
export type ProgrammedIds = ReadonlyMap<number, readonly ForgeableId[]>;

export function programmedIds(entries: ReadonlyMap<number, Entry>, segment: number): ProgrammedIds {
  const byBus = new Map<number, ForgeableId[]>();
  for (const [full, entry] of entries) {
    if (Math.floor(full / 0x10000) !== segment) continue;
    const id = full % 0x10000;
    const list = byBus.get(id >> 8);
    if (list === undefined) byBus.set(id >> 8, [{ id, entry }]);
    else list.push({ id, entry });
  }
  return byBus;
}

export function canForge(functions: readonly FabricFunction[], i: number): boolean {
  const f = functions[i] as FabricFunction;
  if (f.parent < 0 || f.isBridge) return false;
  for (let up = f.parent; up >= 0; up = (functions[up] as FabricFunction).parent) {
    const bridge = functions[up] as FabricFunction;
    if (ownedId(bridge) !== undefined || bridge.model.sendsThrough >= 0) return false;
  }
  return f.model.sendsThrough < 0;
}

/** One id of each sort for function `i`; `sortOf` says what of an entry makes a difference to the caller. */
export function forgeableIds(
  functions: readonly FabricFunction[],
  i: number,
  programmed: ProgrammedIds,
  sortOf: (entry: Entry) => string,
): readonly ForgeableId[] {
  if (!canForge(functions, i)) return [];
  const checks: FabricFunction[] = [];
  for (let up = (functions[i] as FabricFunction).parent; up >= 0; up = (functions[up] as FabricFunction).parent) {
    const port = functions[up] as FabricFunction;
    if (validates(port)) checks.push(port);
  }
  const found = new Map<string, ForgeableId>();
  for (let bus = 0; bus < 256; bus++) {
    const passes = checks.map((port) => (isInRange(port, bus << 8) ? '1' : '0')).join('');
    const here = programmed.get(bus) ?? [];
    for (const candidate of here) {
      const key = `${passes} ${sortOf(candidate.entry as Entry)}`;
      if (!found.has(key)) found.set(key, candidate);
    }
    const free = here.length >= 256 ? undefined : freeId(bus, here);
    if (free !== undefined && !found.has(passes)) found.set(passes, { id: free, entry: undefined });
  }
  return [...found.values()];
}

function freeId(bus: number, taken: readonly ForgeableId[]): number {
  const ids = new Set(taken.map((t) => t.id));
  let id = (bus << 8) | 0xff;
  while (ids.has(id)) id--;
  return id;
}
