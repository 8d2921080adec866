/**
 * @module A machine once more, with one function more or less: what a hot-plug makes of it. The others keep their order, so
 * nothing is sorted or looked up again.
 */
import { type Assembly, assemblePieces } from './assemble-machine.ts';
import type { Machine } from './machine.ts';
import type { PciFunction } from './pci-function.ts';
import { busAt, link, type Piece, requesterAt } from './piece.ts';

/**
 * As `assemblePieces` of the same parts.
 * @param before what was assembled last; changes nothing but the time that it takes
 */
export function reassemble<P extends Piece>(before: Assembly<P>, pieces: readonly P[]): Assembly<P> {
  return changeOf(before, pieces) ?? assemblePieces(before.parts, pieces);
}

/** Undefined where more than one function came or went, or where one did that something else depends on. */
function changeOf<P extends Piece>(before: Assembly<P>, pieces: readonly P[]): Assembly<P> | undefined {
  const { machine, parts, pieces: old } = before;
  // Other devices name functions too, and a diagnostic may be about any of them.
  if (parts.others.length > 0 || machine.diagnostics.length > parts.diagnostics.length) return undefined;
  const differs = old.findIndex((piece, k) => piece !== pieces[k]);
  const at = differs < 0 ? old.length : differs;
  if (isOneMore(pieces, old, at)) return withOne(before, pieces, pieces[at] as P);
  if (isOneMore(old, pieces, at)) return withoutOne(before, pieces, old[at] as P);
  return undefined;
}

/** The longer list is the shorter one with one more in this place. */
function isOneMore<T>(longer: readonly T[], shorter: readonly T[], at: number): boolean {
  if (longer.length !== shorter.length + 1) return false;
  for (let k = at; k < shorter.length; k++) if (shorter[k] !== longer[k + 1]) return false;
  return true;
}

/** For a function below a bridge or on a root bus that is there, which none of the others names. */
function withOne<P extends Piece>(before: Assembly<P>, pieces: readonly P[], piece: P): Assembly<P> | undefined {
  const { ordered, machine } = before;
  const parent = indexIn(ordered, piece.parentPlace);
  if (parent < 0 && !(piece.facts.parentAddress === null && isRootBus(before, piece))) return undefined;
  if (ordered.some((other) => names(other, piece) || other.place === piece.place)) return undefined;
  const at = rankOnBus(before, parent, piece);
  if (at === undefined) return undefined;

  const after = ordered.toSpliced(at, 0, piece);
  const moved = (index: number): number => (index < at ? index : index + 1);
  const functions = machine.functions.map((f, k) => renumbered(f, ordered[k] as P, moved));
  const relation = (place: number): number => indexIn(after, place);
  const own = link(piece, parent, relation(piece.physicalFunctionPlace), relation(piece.dmaDevicePlace));
  functions.splice(at, 0, own);
  return { ...before, pieces, ordered: after, machine: withFunctions(machine, functions) };
}

/** For a function that none of the others names, and without which a root bus is still one. */
function withoutOne<P extends Piece>(before: Assembly<P>, pieces: readonly P[], piece: P): Assembly<P> | undefined {
  const { ordered, machine } = before;
  const { functions } = machine;
  const at = ordered.indexOf(piece);
  if (at < 0 || ((functions[at] as PciFunction).parent < 0 && !isRootBus(before, piece))) return undefined;
  if (functions.some((f) => f.parent === at || f.physicalFunction === at || f.dmaDevice === at)) return undefined;

  const moved = (index: number): number => (index < at ? index : index - 1);
  const others = functions.map((f, k) => (k === at ? f : renumbered(f, ordered[k] as P, moved)));
  others.splice(at, 1);
  return { ...before, pieces, ordered: ordered.toSpliced(at, 1), machine: withFunctions(machine, others) };
}

/** Where in tree order it goes; undefined where its number is in use on the bus, so that the order of the list decides. */
function rankOnBus(before: Assembly<Piece>, parent: number, piece: Piece): number | undefined {
  const { ordered, machine } = before;
  const isBeside = onBus(before, parent, piece);
  const mine = requesterAt(piece.place);
  const numberAt = (k: number): number =>
    isBeside(k) ? requesterAt((ordered[k] as Piece).place) : Number.POSITIVE_INFINITY;
  let at = parent < 0 ? machine.functions.findIndex((_, k) => isBeside(k)) : beginBelow(before, parent);
  while (numberAt(at) < mine) at++;
  // The same number in another segment.
  return numberAt(at) === mine ? undefined : at;
}

/** Where the functions below a bridge begin, or would: after its bus and all that is below the bridges before it. */
function beginBelow(before: Assembly<Piece>, bridge: number): number {
  const { functions } = before.machine;
  const parentAt = (k: number): number => functions[k]?.parent ?? -1;
  const isBeside = onBus(before, parentAt(bridge), before.ordered[bridge] as Piece);
  let from = bridge;
  while (isBeside(from - 1)) from--;
  let to = bridge + 1;
  while (isBeside(to)) to++;
  // A bridge that is further down is itself behind the bus.
  const isBelowEarlier = (k: number): boolean => (parentAt(k) >= from && parentAt(k) < bridge) || parentAt(k) >= to;
  let at = to;
  while (isBelowEarlier(at)) at++;
  return at;
}

/** Tells what is below the bridge; without one what is on the root bus of the piece. */
function onBus({ ordered, machine }: Assembly<Piece>, parent: number, { place }: Piece): (k: number) => boolean {
  const { functions } = machine;
  return (k) => functions[k]?.parent === parent && (parent >= 0 || busAt((ordered[k] as Piece).place) === busAt(place));
}

/** Whether something else than this makes its bus a root bus. Virtual functions make none. */
function isRootBus(before: Assembly<Piece>, piece: Piece): boolean {
  const isBeside = onBus(before, -1, piece);
  return before.machine.functions.some((f, k) => f.physicalFunction < 0 && before.ordered[k] !== piece && isBeside(k));
}

const names = (one: Piece, other: Piece): boolean =>
  one.physicalFunctionPlace === other.place || one.dmaDevicePlace === other.place;

/** -1 for NOWHERE too. */
const indexIn = (pieces: readonly Piece[], place: number): number => pieces.findIndex((piece) => piece.place === place);

function renumbered(f: PciFunction, piece: Piece, moved: (index: number) => number): PciFunction {
  const parent = moved(f.parent);
  const physicalFunction = moved(f.physicalFunction);
  const dmaDevice = moved(f.dmaDevice);
  const same = parent === f.parent && physicalFunction === f.physicalFunction && dmaDevice === f.dmaDevice;
  return same ? f : link(piece, parent, physicalFunction, dmaDevice);
}

/** Root busses are as they were, and nothing else has parents. */
function withFunctions(machine: Machine, functions: readonly PciFunction[]): Machine {
  return Object.freeze({ ...machine, functions: Object.freeze(functions) });
}
