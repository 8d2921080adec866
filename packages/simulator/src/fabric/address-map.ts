/**
 * @module Who claims an address: base address registers, as far as the windows of all bridges above let a request down to
 * them, and the rest of each window, which a bridge takes and nobody answers.
 */
import type { Fabric, FabricFunction, Range } from './fabric.ts';

/**
 * The answer for an address: the index of the function whose register claims it; `hole(b)` for the part of the windows of
 * bridge b that nobody below claims; NOBODY for all else (memory, the doorbell).
 */
export const NOBODY = -1;
const hole = (bridge: number): number => -2 - bridge;

export interface AddressMap {
  find(address: number): number;
}

interface Claim extends Range {
  readonly owner: number;
}

export function addressMap(fabric: Fabric): AddressMap {
  const { starts, owners } = flatten(claims(fabric.functions));
  return {
    find(address) {
      // The last start that is not above the address.
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] as number) <= address) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? NOBODY : (owners[low - 1] as number);
    },
  };
}

/** Outer claims before inner ones. */
function claims(functions: readonly FabricFunction[]): readonly Claim[] {
  const found: Claim[] = [];
  const open: (readonly Range[] | undefined)[] = [];
  functions.forEach((f, i) => {
    // What reaches the bus that the function is on: everything on a root bus, else what all windows above share.
    const here = f.parent < 0 ? undefined : open[f.parent];
    open[i] = f.windows.flatMap((w) => clip(w, here));
    for (const range of open[i]) found.push({ ...range, owner: hole(i) });
    for (const bar of f.memory) {
      if (here === undefined || here.some((w) => w.first <= bar.first && bar.last <= w.last)) {
        found.push({ ...bar, owner: i });
      }
    }
  });
  return found;
}

function clip(range: Range, within: readonly Range[] | undefined): readonly Range[] {
  if (within === undefined) return [range];
  return within.flatMap((w) => {
    const first = Math.max(range.first, w.first);
    const last = Math.min(range.last, w.last);
    return first <= last ? [{ first, last }] : [];
  });
}

/** Overlapping claims as neighbouring pieces; a later (inner) claim covers an earlier one. */
function flatten(list: readonly Claim[]): { readonly starts: Float64Array; readonly owners: Int32Array } {
  const edges = [...new Set(list.flatMap((c) => [c.first, c.last + 1]))].sort((a, b) => a - b);
  const indexOf = new Map(edges.map((edge, k) => [edge, k]));
  const owners = new Int32Array(edges.length).fill(NOBODY);
  // Widest first, so that each piece is written once for every bridge above it.
  for (const claim of list) {
    owners.fill(claim.owner, indexOf.get(claim.first) as number, indexOf.get(claim.last + 1) as number);
  }
  return { starts: Float64Array.from(edges), owners };
}
