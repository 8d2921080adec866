/**
 * @module Puts loose functions, as sources find them, into a Machine: tree order and index links.
 */
import { formatAddress, type PciAddress } from './address.ts';
import { type Diagnostic, diagnostic } from './diagnostic.ts';
import type { FirmwareFacts, KernelFacts, Machine, MachineSource, OtherDevice, RootBus } from './machine.ts';
import type { PciFunction } from './pci-function.ts';
import { busAt, createPiece, link, NOWHERE, type Piece, placeNamed, requesterAt } from './piece.ts';

/** A function whose relations are still names (`0000:00:1c.0`), because nothing has an index yet. */
export interface LooseFunction extends Omit<PciFunction, 'parent' | 'physicalFunction' | 'dmaDevice'> {
  /** The bridge above; null on a root bus. */
  readonly parentAddress: string | null;
  readonly physicalFunctionAddress: string | null;
  readonly dmaDeviceAddress: string | null;
}

export interface MachineParts {
  readonly source: MachineSource;
  readonly functions: readonly LooseFunction[];
  /** Host bridges in the order in which the kernel found them; undefined where nothing tells. */
  readonly rootBuses: readonly RootBus[] | undefined;
  readonly others: readonly (Omit<OtherDevice, 'parent'> & { readonly parentAddress: string | null })[];
  readonly firmware: FirmwareFacts;
  readonly kernel: KernelFacts;
  readonly diagnostics: readonly Diagnostic[];
}

export function assembleMachine({ functions, ...parts }: MachineParts): Machine {
  return assemblePieces(parts, functions.map(createPiece)).machine;
}

export type PartsBesides = Omit<MachineParts, 'functions'>;

/** A machine, and what it was made from. */
export interface Assembly<P extends Piece> {
  readonly machine: Machine;
  readonly parts: PartsBesides;
  readonly pieces: readonly P[];
  /** The pieces by index of the function that each has become. */
  readonly ordered: readonly P[];
}

export function assemblePieces<P extends Piece>(parts: PartsBesides, pieces: readonly P[]): Assembly<P> {
  const diagnostics = [...parts.diagnostics];
  const warn = (message: string): void => {
    diagnostics.push(diagnostic('warning', parts.source.label, message));
  };
  const atPlace = new Map<number, Piece>();
  const listed: Piece[] = [];
  for (const piece of pieces) {
    piece.index = piece.parent = -1;
    piece.below = undefined;
    if (atPlace.has(piece.place)) warn(`${formatAddress(piece.facts)} is listed twice; the first one is used`);
    else {
      atPlace.set(piece.place, piece);
      listed.push(piece);
    }
  }

  const roots: Piece[] = [];
  for (const piece of listed) {
    const parent = piece.parentPlace === NOWHERE ? undefined : atPlace.get(piece.parentPlace);
    if (parent === undefined) {
      roots.push(piece);
      warnOfParent(piece, warn);
    } else if (parent.below === undefined) parent.below = [piece];
    else parent.below.push(piece);
  }

  const { ordered, leftOut } = treeOrder(sortRoots(roots, rankRootBuses(parts.rootBuses)), listed);
  for (const { facts } of leftOut) warn(`${formatAddress(facts)} is its own ancestor; taken as on a root bus`);

  const index = (place: number): number => (place === NOWHERE ? -1 : (atPlace.get(place)?.index ?? -1));
  const functions = ordered.map((piece, i): PciFunction => {
    // A parent comes first in tree order; anything else was cut loose above.
    const parent = piece.parent < i ? piece.parent : -1;
    return link(piece, parent, index(piece.physicalFunctionPlace), index(piece.dmaDevicePlace));
  });

  const machine: Machine = Object.freeze({
    source: parts.source,
    functions: Object.freeze(functions),
    rootBuses: Object.freeze(rootBusesOf(functions)),
    rootBusOrderKnown: parts.rootBuses !== undefined,
    others: Object.freeze(
      parts.others.map(({ parentAddress, ...other }) =>
        Object.freeze({ ...other, parent: index(placeNamed(parentAddress)) }),
      ),
    ),
    firmware: parts.firmware,
    kernel: parts.kernel,
    diagnostics: Object.freeze(diagnostics),
  });
  // All of them came in as such.
  return { machine, parts, pieces, ordered: ordered as P[] };
}

function warnOfParent({ facts }: Piece, warn: (message: string) => void): void {
  if (facts.parentAddress === null) return;
  warn(`${formatAddress(facts)} is below ${facts.parentAddress}, which is not listed; taken as on a root bus`);
}

const busKey = (a: Pick<PciAddress, 'segment' | 'bus'>): number => a.segment * 256 + a.bus;

function rankRootBuses(rootBuses: readonly RootBus[] | undefined): Map<number, number> {
  return new Map((rootBuses ?? []).map((r, rank) => [busKey(r), rank]));
}

/** Host bridges in discovery order where it is known, the others after them by number. */
function sortRoots(roots: Piece[], rank: Map<number, number>): Piece[] {
  const order = ({ place }: Piece): number => rank.get(busAt(place)) ?? Number.MAX_SAFE_INTEGER;
  return sorted(roots, rank.size === 0 ? byPlace : (a, b) => order(a) - order(b) || byPlace(a, b));
}

const byPlace = (a: Piece, b: Piece): number => a.place - b.place;

const byRequester = (a: Piece, b: Piece): number => requesterAt(a.place) - requesterAt(b.place);

/** Nearly all come sorted, which is told without the lists that sorting makes. */
function sorted(pieces: Piece[], compare: (a: Piece, b: Piece) => number): Piece[] {
  for (let k = 1; k < pieces.length; k++) {
    if (compare(pieces[k - 1] as Piece, pieces[k] as Piece) > 0) return pieces.sort(compare);
  }
  return pieces;
}

/** Whole busses first, then bridge by bridge what is below: the order in which Linux adds devices (pci_scan_child_bus). */
function treeOrder(
  roots: readonly Piece[],
  all: readonly Piece[],
): { readonly ordered: Piece[]; readonly leftOut: readonly Piece[] } {
  const ordered: Piece[] = [];
  // An explicit stack: a hostile tree may be deeper than the call stack.
  const pending = rootBusesFromLast(roots);
  const drain = (): void => {
    for (let bus = pending.pop(); bus !== undefined; bus = pending.pop()) {
      for (const piece of bus) {
        if (piece.index < 0) piece.index = ordered.push(piece) - 1;
      }
      // What is below the last of them goes to the bottom of the stack.
      for (let k = bus.length - 1; k >= 0; k--) {
        const { index, below } = bus[k] as Piece;
        if (below === undefined) continue;
        for (const piece of below) piece.parent = index;
        pending.push(sorted(below, byRequester));
        (bus[k] as Piece).below = undefined;
      }
    }
  };
  drain();

  const leftOut: Piece[] = [];
  for (const piece of all) {
    if (piece.index >= 0) continue;
    leftOut.push(piece);
    pending.push([piece]);
    drain();
  }
  return { ordered, leftOut };
}

/** Functions of one root bus are adjacent; the last bus comes first. */
function rootBusesFromLast(roots: readonly Piece[]): Piece[][] {
  const busses: Piece[][] = [];
  let last: Piece[] = [];
  for (const piece of roots) {
    if (last.length > 0 && busAt((last[0] as Piece).place) === busAt(piece.place)) last.push(piece);
    else {
      last = [piece];
      busses.push(last);
    }
  }
  return busses.reverse();
}

function rootBusesOf(functions: readonly PciFunction[]): RootBus[] {
  const seen = new Map<number, RootBus>();
  for (const f of functions) {
    if (f.parent === -1 && f.physicalFunction === -1 && !seen.has(busKey(f))) {
      seen.set(busKey(f), Object.freeze({ segment: f.segment, bus: f.bus }));
    }
  }
  return [...seen.values()];
}
