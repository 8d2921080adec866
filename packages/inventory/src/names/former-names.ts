/**
 * @module Names that vendors and devices had in older versions of pci.ids, in the form of a pci.ids of its own.
 *
 * A text of lspci names devices as its machine's list did. Names change: what an older list called `X` may be `Y` now,
 * and `X` another device. Looked up in the newest list alone, a name could lead to a wrong number.
 */
import { foldName } from './name-index.ts';
import type { NameEntry } from './pci-ids.ts';

/** Stands for the name of a vendor that did not change: something has to stand above its devices. */
export const SAME = '=';

/** Entries of `older` whose name differs from that of `current`, or that `current` no longer has; without subsystems. */
export function formerNames(current: readonly NameEntry[], older: readonly (readonly NameEntry[])[]): string {
  const now = new Map<string, string>();
  for (const v of current) {
    keep(now, key(v.id), v.name);
    for (const d of v.below) keep(now, key(v.id, d.id), d.name);
  }
  const vendors = new Map<number, Set<string>>();
  const devices = new Map<number, Map<number, Set<string>>>();
  for (const v of older.flat()) {
    if (v.name !== SAME && foldName(now.get(key(v.id)) ?? '') !== foldName(v.name)) add(vendors, v.id, v.name);
    for (const d of v.below) {
      if (foldName(now.get(key(v.id, d.id)) ?? '') === foldName(d.name)) continue;
      const ofVendor = devices.get(v.id) ?? new Map<number, Set<string>>();
      devices.set(v.id, ofVendor);
      add(ofVendor, d.id, d.name);
    }
  }

  const lines: string[] = [];
  for (const id of ascending([...vendors.keys(), ...devices.keys()])) {
    const names = [...(vendors.get(id) ?? [])];
    for (const name of names.length > 0 ? names : [SAME]) lines.push(`${key(id)}  ${name}`);
    const below = devices.get(id) ?? new Map<number, Set<string>>();
    for (const device of ascending([...below.keys()])) {
      for (const name of below.get(device) ?? []) lines.push(`\t${key(device)}  ${name}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** `8086` or `8086:1901` */
function key(...ids: readonly number[]): string {
  return ids.map((id) => id.toString(16).padStart(4, '0')).join(':');
}

/** Of an id that is listed twice the first line counts. */
function keep(map: Map<string, string>, id: string, name: string): void {
  if (!map.has(id)) map.set(id, name);
}

function add(map: Map<number, Set<string>>, id: number, name: string): void {
  const names = map.get(id);
  if (names === undefined) map.set(id, new Set([name]));
  else names.add(name);
}

function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
