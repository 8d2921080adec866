/**
 * @module The first word of a device in lspci's listing: its address, with `-P` and `-PP` the path to it.
 */
import { parseAddress } from '@isogroups/pci';

/** A step of a path: with `-P` the steps below the first leave out the bus. */
interface PathStep {
  readonly bus: number | undefined;
  readonly devfn: number;
}

export interface SlotName {
  /** As printed: `0000:00:1c.0/02:00.0`. */
  readonly text: string;
  readonly segment: number;
  /** From the root bus down; the last step is the device itself. */
  readonly steps: readonly PathStep[];
}

const STEP = '(?:[0-9a-f]{2}:)?[0-1][0-9a-f]\\.[0-7]';
const SLOT = new RegExp(`^((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-1][0-9a-f]\\.[0-7])((?:/${STEP})*)(?= |$)`, 'i');

/** The slot that a line begins with; `undefined` when it does not begin with one. */
export function readSlotName(line: string): SlotName | undefined {
  const m = SLOT.exec(line);
  const root = m === null ? undefined : parseAddress(m[1] as string);
  if (m === null || root === undefined) return undefined;
  const below = (m[2] as string).split('/').slice(1).map(readStep);
  return { text: m[0], segment: root.segment, steps: [{ bus: root.bus, devfn: root.devfn }, ...below] };
}

function readStep(step: string): PathStep {
  const address = parseAddress(step.includes(':') ? step : `00:${step}`);
  return { bus: step.includes(':') ? address?.bus : undefined, devfn: address?.devfn ?? 0 };
}
