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

/** Ascending indices as spans. */
export function toSpans(indices: readonly number[]): readonly Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const i of indices) {
    const last = spans.at(-1);
    if (last !== undefined && last.to === i) last.to = i + 1;
    else spans.push({ from: i, to: i + 1 });
  }
  return spans;
}

/** What is below a bridge, as spans: none for a function that is no bridge or has nothing below. */
export function below(topology: Topology, i: number): readonly Span[] {
  const from = topology.belowFrom[i] as number;
  const to = topology.belowTo[i] as number;
  return from < to ? [{ from, to }] : [];
}

/** What of `from` up to `to` the spans leave out. The spans are ascending and inside. */
export function gaps(spans: readonly Span[], from: number, to: number): readonly Span[] {
  const left: Span[] = [];
  let at = from;
  for (const s of spans) {
    if (s.from > at) left.push({ from: at, to: s.from });
    at = s.to;
  }
  if (at < to) left.push({ from: at, to });
  return left;
}

/** Sorted, and neighbours made one. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: { from: number; to: number }[] = [];
  for (const s of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && s.from <= last.to) last.to = Math.max(last.to, s.to);
    else merged.push({ from: s.from, to: s.to });
  }
  return merged;
}

/** What is left of the spans once the holes are taken out. */
export function without(spans: readonly Span[], holes: readonly Span[]): readonly Span[] {
  let rest = spans;
  for (const hole of holes) {
    rest = rest.flatMap((s) => {
      if (hole.from >= s.to || hole.to <= s.from) return [s];
      const parts: Span[] = [];
      if (s.from < hole.from) parts.push({ from: s.from, to: hole.from });
      if (hole.to < s.to) parts.push({ from: hole.to, to: s.to });
      return parts;
    });
  }
  return rest;
}
