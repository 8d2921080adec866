/**
 * @module What becomes of a thing that is made of others (an array of disks, a bond of interfaces) when some of them leave.
 */
import { type Evidence, type Loss, loss } from './loss.ts';

/** How a thing hangs on a leaving function: from the thing down, `dm-0 (vg-root)`, `nvme0n1p3`. */
interface Way {
  readonly device: string;
  readonly via: readonly string[];
  readonly evidence: readonly Evidence[];
}

export type Fate =
  | { readonly kind: 'stays' }
  | { readonly kind: 'leaves'; readonly way: Way }
  /** `left`: a clause about what keeps it going. */
  | { readonly kind: 'degraded'; readonly way: Way; readonly left: string }
  | { readonly kind: 'undecided'; readonly way: Way; readonly why: string; readonly decidedBy: string };

export type AffectedFate = Exclude<Fate, { kind: 'stays' }>;

export const STAYS: Fate = Object.freeze({ kind: 'stays' });

/** From best to worst; what is not known is worse than what is known to go on. */
const RANK: Readonly<Record<Fate['kind'], number>> = { stays: 0, degraded: 1, undecided: 2, leaves: 3 };

/** Of a thing that needs all of its parts. */
export function worst(fates: Iterable<Fate>): Fate {
  let found = STAYS;
  for (const fate of fates) if (RANK[fate.kind] > RANK[found.kind]) found = fate;
  return found;
}

/**
 * Of a thing that goes on while at most `spare` of its parts are missing.
 *
 * @param left what keeps it going then
 */
export function redundant(parts: readonly Fate[], spare: number, left: string): Fate {
  if (parts.length === 0) return STAYS;
  const leaving = parts.filter((part) => part.kind === 'leaves');
  const open = parts.filter((part) => part.kind === 'undecided');
  if (leaving.length > spare) return leaving[0] as Fate;
  if (leaving.length + open.length > spare) return open[0] ?? STAYS;
  const [missing] = [...leaving, ...open] as AffectedFate[];
  return missing === undefined ? worst(parts) : { kind: 'degraded', way: missing.way, left };
}

/** The fate of a thing on top of another, with its name and what shows it before the way. */
export function onTop(fate: Fate, name: string, shown: Evidence): Fate {
  if (fate.kind === 'stays') return fate;
  const { device, via, evidence } = fate.way;
  return { ...fate, way: { device, via: [name, ...via], evidence: [shown, ...evidence] } };
}

/** `dm-0 (vg-root) on nvme0n1p3 of 0000:01:00.0` */
function wayWords({ device, via }: Way): string {
  return via.length === 0 ? device : `${via.join(' on ')} of ${device}`;
}

export interface LossTitle {
  readonly kind: Loss['kind'];
  readonly item: string;
  /** Goes before the way: "/home is on". */
  readonly subject: string;
  /** What shows that the host uses it. */
  readonly shown: readonly Evidence[];
}

/** What a user of the thing would notice; empty where nothing changes. */
export function lossesOf(fate: Fate, { kind, item, subject, shown }: LossTitle): readonly Loss[] {
  if (fate.kind === 'stays') return [];
  const { device, evidence } = fate.way;
  const says = `${subject} ${wayWords(fate.way)}`;
  const base = { kind, item, device, evidence: [...shown, ...evidence] };
  switch (fate.kind) {
    case 'leaves':
      return [loss({ ...base, effect: 'lost', says })];
    case 'degraded':
      return [loss({ ...base, effect: 'degraded', says: `${says}, and goes on without it: ${fate.left}` })];
    case 'undecided':
      return [loss({ ...base, effect: 'undecided', says: `${says}: ${fate.why}`, decidedBy: fate.decidedBy })];
  }
}
