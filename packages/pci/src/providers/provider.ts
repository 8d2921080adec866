/**
 * @module A provider looks at a machine from one side (an IOMMU, the PCI fabric, the kernel) and tells the interferences
 * that it sees from there.
 */
import type { Interference, Span } from '@isogroups/core';
import type { AcsContext } from '../kernel/acs-rule.ts';
import type { Aliases } from '../kernel/aliases.ts';
import type { KernelOptions } from '../kernel/command-line/kernel-options.ts';
import type { Coverage } from '../kernel/coverage/coverage.ts';
import type { Topology } from '../topology/topology.ts';

export interface ProviderInput {
  readonly topology: Topology;
  readonly coverage: Coverage;
  readonly aliases: Aliases;
  readonly acsContext: AcsContext;
  readonly options: KernelOptions;
}

export interface Provider {
  readonly name: string;
  interferences(input: ProviderInput): readonly Interference[];
}

export const single = (i: number): Span => ({ from: i, to: i + 1 });

/** No party: one list for all, since most edges of a large machine reach nobody but their actors. */
export const NOBODY: readonly Span[] = Object.freeze([]);

/** A span that is still being made. */
export interface GrowingSpan {
  from: number;
  to: number;
}

/** Adds an index that is above all that the spans hold. */
export function grow(spans: GrowingSpan[], i: number): void {
  const last = spans[spans.length - 1];
  if (last !== undefined && last.to === i) last.to = i + 1;
  else spans.push({ from: i, to: i + 1 });
}

/** Ascending indices as spans. */
export function toSpans(indices: readonly number[]): readonly Span[] {
  const spans: GrowingSpan[] = [];
  for (const i of indices) grow(spans, i);
  return spans;
}

/** What is below a bridge, as spans: none for a function that is no bridge or has nothing below. */
export function below(topology: Topology, i: number): readonly Span[] {
  const from = topology.belowFrom[i] as number;
  const to = topology.belowTo[i] as number;
  return from < to ? [{ from, to }] : NOBODY;
}

/** What of `from` up to `to` the spans leave out. The spans are ascending and inside. */
export function gaps(spans: readonly Span[], from: number, to: number): readonly Span[] {
  return without(from < to ? [{ from, to }] : NOBODY, spans);
}

/** Sorted, and neighbours made one. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: GrowingSpan[] = [];
  for (const s of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && s.from <= last.to) last.to = Math.max(last.to, s.to);
    else merged.push({ from: s.from, to: s.to });
  }
  return merged;
}

/** What is left of the spans once the holes are taken out. Both are ascending. */
export function without(spans: readonly Span[], holes: readonly Span[]): readonly Span[] {
  let left: Span[] | undefined;
  const keep = (from: number, to: number): void => {
    if (from >= to) return;
    if (left === undefined) left = [{ from, to }];
    else left.push({ from, to });
  };
  let h = 0;
  for (const { from, to } of spans) {
    let at = from;
    while (h < holes.length && (holes[h] as Span).to <= from) h++;
    for (let k = h; k < holes.length && (holes[k] as Span).from < to; k++) {
      const hole = holes[k] as Span;
      keep(at, hole.from);
      at = Math.max(at, hole.to);
    }
    keep(at, to);
  }
  return left ?? NOBODY;
}
