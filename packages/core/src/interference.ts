/**
 * @module An interference: who can disturb whom, of which kind, where, what says so, and what would help.
 */
import type { InterferenceKind } from './kinds.ts';

/** Parties `from` up to, not including, `to`. Parties are numbered so that what is below a bridge is one span. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where it happens. `party` is the index of the function that stands for the place. */
export type Place =
  | { readonly kind: 'port'; readonly party: number }
  | { readonly kind: 'bridge'; readonly party: number }
  | { readonly kind: 'slot'; readonly party: number }
  | { readonly kind: 'device'; readonly party: number }
  | { readonly kind: 'iommu'; readonly name: string }
  | { readonly kind: 'machine' };

/** What says so: a register, the lack of a capability, a firmware table, a vendor's statement, the way things are wired. */
export type Evidence =
  | {
      readonly kind: 'register';
      readonly party: number;
      /** `ACS control`, `ATS control`, … */
      readonly register: string;
      /** Offset in configuration space. */
      readonly offset: number;
      readonly value: number;
      /** Names of the bits that ought to be set (or clear) and are not. */
      readonly missing: readonly string[];
    }
  | { readonly kind: 'no-capability'; readonly party: number; readonly capability: string }
  /** Whether it has the capability, or has it on, could not be read. */
  | { readonly kind: 'unread'; readonly party: number; readonly capability: string; readonly why: string }
  | { readonly kind: 'table'; readonly table: string; readonly offset: number; readonly says: string }
  | { readonly kind: 'quirk'; readonly party: number; readonly says: string }
  | { readonly kind: 'topology'; readonly says: string }
  | { readonly kind: 'host'; readonly file: string; readonly says: string };

/** What would take the interference away. */
export interface Remedy {
  readonly kind: 'firmware-setting' | 'kernel-option' | 'other-slot' | 'driver' | 'hand-over-together' | 'accept';
  /** An instruction in the imperative. */
  readonly text: string;
}

/** An interference that a fact decides which could not be read. It counts as present until it is known. */
export interface Undecided {
  readonly why: string;
  readonly decidedBy: string;
}

/**
 * An edge of the graph with many ends: every actor can disturb every party in `reach` (and, when `mutual`, every other
 * actor). One record for a slot or port instead of a pair for every two devices keeps the graph linear in the devices.
 */
export interface Interference {
  readonly kind: InterferenceKind;
  readonly where: Place;
  readonly actors: readonly Span[];
  readonly reach: readonly Span[] | 'host';
  readonly mutual: boolean;
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
  readonly undecided?: Undecided;
}

export function spansHold(spans: readonly Span[], party: number): boolean {
  for (const s of spans) if (party >= s.from && party < s.to) return true;
  return false;
}

/** Whether the interference is an edge between these two parties, in either direction. */
export function joins(edge: Interference, a: number, b: number): boolean {
  if (a === b || edge.reach === 'host') return false;
  const aActs = spansHold(edge.actors, a);
  const bActs = spansHold(edge.actors, b);
  if (aActs && bActs && edge.mutual) return true;
  return (aActs && spansHold(edge.reach, b)) || (bActs && spansHold(edge.reach, a));
}
