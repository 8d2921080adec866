/**
 * @module The units as a host programs them for a partition: a domain for each group, an entry for each requester id that
 * a member uses or arrives under. Whoever comes first has an id: where two groups share one, the packets of the second land
 * in the memory of the first, which is how the proof finds it.
 */
import { requesterId } from '@isogroups/pci';
import type { FabricFunction, Range } from '../fabric/fabric.ts';
import { ownedId } from '../fabric/rules/ownership.ts';
import { FAULT, type Translation } from '../fabric/translation.ts';
import { pageOfDomain, SHARED_ADDRESS } from './memory-plan.ts';
import type { ProofSubject } from './subject.ts';

/** What is programmed for a requester id. */
export interface Entry {
  /** -1: its requests pass as they are. */
  readonly domain: number;
  /** Requests that are marked as translated are admitted. */
  readonly admitsTranslated: boolean;
}

export interface RequesterTable extends Translation {
  /** By full id: segment × 65536 + requester id. */
  readonly entries: ReadonlyMap<number, Entry>;
}

const PAGE = 0x1000;
const PASSES: Entry = Object.freeze({ domain: -1, admitsTranslated: false });

/** @param groupOf group of each party. @param arrivalsOf as what each function comes to the unit. */
export function programTable(
  subject: ProofSubject,
  groupOf: Int32Array,
  arrivalsOf: readonly (readonly number[])[],
): RequesterTable {
  const { functions } = subject.fabric;
  const entries = new Map<number, Entry>();
  const byStream = new Map<string, Entry>();
  // Which unit looks at a request its requester id decides: the id of a function that no unit translates passes, whoever
  // sends under it.
  functions.forEach((f, i) => {
    const isSender = f.model.sendsThrough < 0;
    if (isSender && !subject.isTranslated(i)) entries.set(f.segment * 0x10000 + requesterId(f), PASSES);
  });
  for (const { f, i } of inGroupOrder(functions, groupOf)) {
    const isTranslated = subject.isTranslated(i);
    const domain = groupOf[i] as number;
    const wanted: Entry = isTranslated ? { domain, admitsTranslated: canUseAts(functions, f) } : PASSES;
    const stream = subject.streamOf(i);
    const owner = (stream === undefined ? undefined : byStream.get(stream)) ?? wanted;
    if (stream !== undefined && !byStream.has(stream)) byStream.set(stream, owner);
    for (const id of idsOf(f, arrivalsOf[i] as readonly number[])) {
      const before = entries.get(id);
      if (before === undefined) entries.set(id, owner);
      else if (wanted.admitsTranslated && !before.admitsTranslated && before.domain >= 0) {
        entries.set(id, { ...before, admitsTranslated: true });
      }
    }
  }
  const identity = identityRanges(subject, groupOf);
  return {
    entries,
    translate(requester, address, _write, translated) {
      const entry = entries.get(requester);
      if (entry === undefined) return subject.hasUnit(Math.floor(requester / 0x10000)) ? FAULT.noEntry : address;
      if (entry.domain < 0) return address;
      if (translated) return entry.admitsTranslated ? address : FAULT.translatedNotAllowed;
      if (address >= SHARED_ADDRESS && address < SHARED_ADDRESS + PAGE) {
        return pageOfDomain(entry.domain) + (address - SHARED_ADDRESS);
      }
      const ranges = identity.get(entry.domain);
      if (ranges !== undefined) for (const r of ranges) if (address >= r.first && address <= r.last) return address;
      return FAULT.noMapping;
    },
  };
}

/** A host does not have its units admit translated requests for what sits behind conventional PCI, which cannot mark them. */
function canUseAts(functions: readonly FabricFunction[], f: FabricFunction): boolean {
  for (let above = functions[f.parent]; above !== undefined; above = functions[above.parent]) {
    if (ownedId(above) !== undefined) return false;
  }
  return f.atsEnabled;
}

function inGroupOrder(
  functions: readonly FabricFunction[],
  groupOf: Int32Array,
): readonly { readonly f: FabricFunction; readonly i: number }[] {
  return functions
    .map((f, i) => ({ f, i }))
    .sort((a, b) => (groupOf[a.i] as number) - (groupOf[b.i] as number) || a.i - b.i);
}

/** A child of a VMD has no id of its own where the units are. */
function idsOf(f: FabricFunction, arrived: readonly number[]): readonly number[] {
  if (f.model.sendsThrough >= 0) return arrived;
  const full = (id: number): number => f.segment * 0x10000 + id;
  return [full(requesterId(f)), ...f.model.alsoSendsAs.map(full), ...arrived];
}

/** The firmware's ranges, in the domain of each function that must keep them. */
function identityRanges(subject: ProofSubject, groupOf: Int32Array): ReadonlyMap<number, readonly Range[]> {
  const found = new Map<number, Set<Range>>();
  for (const { range, functions } of subject.firmwareMemory) {
    for (const i of functions) {
      const domain = groupOf[i] as number;
      const ranges = found.get(domain);
      if (ranges === undefined) found.set(domain, new Set([range]));
      else ranges.add(range);
    }
  }
  return new Map([...found].map(([domain, ranges]) => [domain, [...ranges]]));
}
