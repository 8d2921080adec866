/**
 * @module Devices and sets of devices in words.
 */
import type { Span } from '@isogroups/core';
import { type Analysis, formatAddress, type Machine } from '@isogroups/pci';

const onlySegmentZero = new WeakMap<Machine, boolean>();

/** `01:00.0`, as lspci prints it: with its segment only where the machine has more than segment 0. */
export function nameOf({ machine }: Analysis, party: number): string {
  const f = machine.functions[party];
  if (f === undefined) return machine.others[party - machine.functions.length]?.name ?? `party ${party}`;
  let short = onlySegmentZero.get(machine);
  if (short === undefined) {
    short = machine.functions.every((each) => each.segment === 0);
    onlySegmentZero.set(machine, short);
  }
  return short ? formatAddress(f).slice(5) : formatAddress(f);
}

const MOST = 4;

/** `01:00.0, 01:00.1 and 3 more`. */
export function listNames(analysis: Analysis, parties: readonly number[], most: number = MOST): string {
  return listWords(
    parties.map((p) => nameOf(analysis, p)),
    most,
  );
}

/** `a`, `a and b`, `a, b, c and 3 more`. */
export function listWords(words: readonly string[], most: number = MOST): string {
  // "and 1 more" takes as much room as the one.
  if (words.length > most + 1) return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
  const last = words.at(-1) ?? 'nothing';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** Every party of the spans, or `all devices`; a bridge with all that is below it is said as that. */
export function listSpans(analysis: Analysis, spans: readonly Span[], most: number = MOST): string {
  const { topology } = analysis;
  const parties = partiesOf(spans);
  if (parties.length > 1 && parties.length >= topology.count) return 'all devices';
  const inside = new Set(parties);
  const said = new Set<number>();
  const words: string[] = [];
  for (const p of parties) {
    if (said.has(p)) continue;
    const below = p < topology.count ? range(topology.belowFrom[p] as number, topology.belowTo[p] as number) : [];
    const whole = below.length > 1 && below.every((q) => inside.has(q));
    if (whole) for (const q of below) said.add(q);
    words.push(whole ? `${nameOf(analysis, p)} with all below it` : nameOf(analysis, p));
  }
  return listWords(words, most);
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, k) => from + k);

export function partiesOf(spans: readonly Span[]): readonly number[] {
  const parties = new Set<number>();
  for (const s of spans) for (let p = s.from; p < s.to; p++) parties.add(p);
  return [...parties].sort((a, b) => a - b);
}
