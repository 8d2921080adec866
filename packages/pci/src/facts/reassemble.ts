/**
 * @module A machine once more, with one function more or less: what a hot-plug makes of it. The others keep their order, so
 * nothing is sorted or looked up again.
 */
import { type Assembly, assemblePieces, type PartsBesides } from './assemble-machine.ts';
import type { Machine } from './machine.ts';
import type { PciFunction } from './pci-function.ts';
import { link, type Piece, requesterAt } from './piece.ts';

/**
 * As `assemblePieces`.
 * @param before what was assembled last; changes nothing but the time that it takes
 */
export function reassemble<P extends Piece>(
  before: Assembly<P> | undefined,
  parts: PartsBesides,
  pieces: readonly P[],
): Assembly<P> {
  return (before === undefined ? undefined : changeOf(before, parts, pieces)) ?? assemblePieces(parts, pieces);
}

/** Undefined where more than one function came or went, or where one did that others depend on. */
function changeOf<P extends Piece>(
  before: Assembly<P>,
  parts: PartsBesides,
  pieces: readonly P[],
): Assembly<P> | undefined {
  if (!sameParts(before.parts, parts) || before.machine.diagnostics.length > parts.diagnostics.length) return undefined;
  const old = before.pieces;
  const at = old.findIndex((piece, k) => piece !== pieces[k]);
  if (isOneMore(pieces, old, at < 0 ? old.length : at))
    return withOne(before, pieces, pieces[at < 0 ? old.length : at] as P);
  if (at >= 0 && isOneMore(old, pieces, at)) return withoutOne(before, pieces, old[at] as P);
  return undefined;
}

function sameParts(a: PartsBesides, b: PartsBesides): boolean {
  return (
    a.source === b.source &&
    a.rootBuses === b.rootBuses &&
    a.others === b.others &&
    a.firmware === b.firmware &&
    a.kernel === b.kernel &&
    a.diagnostics === b.diagnostics
  );
}

/** The longer list is the shorter one with one more in this place. */
function isOneMore<T>(longer: readonly T[], shorter: readonly T[], at: number): boolean {
  if (longer.length !== shorter.length + 1) return false;
  for (let k = at; k < shorter.length; k++) if (shorter[k] !== longer[k + 1]) return false;
  return true;
}

/** For a function beside others below a bridge, which none of the others names. */
function withOne<P extends Piece>(before: Assembly<P>, pieces: readonly P[], piece: P): Assembly<P> | undefined {
  const { ordered, machine } = before;
  const { functions } = machine;
  const parent = indexIn(ordered, piece.parentPlace);
  if (parent < 0 || ordered.some((other) => names(other, piece) || other.place === piece.place)) return undefined;
  const mine = requesterAt(piece.place);
  let at = functions.findIndex((f) => f.parent === parent);
  if (at < 0) return undefined;
  const numberAt = (k: number): number =>
    functions[k]?.parent === parent ? requesterAt((ordered[k] as P).place) : Number.POSITIVE_INFINITY;
  while (numberAt(at) < mine) at++;
  // The same number in another segment: the order of the list decides.
  if (numberAt(at) === mine) return undefined;

  const after = [...ordered.slice(0, at), piece, ...ordered.slice(at)];
  const moved = (index: number): number => (index < at ? index : index + 1);
  const others = functions.map((f, k) => renumbered(f, ordered[k] as P, moved));
  const relation = (place: number): number => indexIn(after, place);
  const own = link(piece, parent, relation(piece.physicalFunctionPlace), relation(piece.dmaDevicePlace));
  others.splice(at, 0, own);
  return { ...before, pieces, ordered: after, machine: withFunctions(machine, others) };
}

/** For a function below a bridge that none of the others names. */
function withoutOne<P extends Piece>(before: Assembly<P>, pieces: readonly P[], piece: P): Assembly<P> | undefined {
  const { ordered, machine } = before;
  const { functions } = machine;
  const at = ordered.indexOf(piece);
  if (at < 0 || (functions[at] as PciFunction).parent < 0) return undefined;
  if (functions.some((f) => f.parent === at || f.physicalFunction === at || f.dmaDevice === at)) return undefined;

  const moved = (index: number): number => (index < at ? index : index - 1);
  const others = functions.map((f, k) => (k === at ? f : renumbered(f, ordered[k] as P, moved)));
  others.splice(at, 1);
  return { ...before, pieces, ordered: ordered.toSpliced(at, 1), machine: withFunctions(machine, others) };
}

const names = (one: Piece, other: Piece): boolean =>
  one.physicalFunctionPlace === other.place || one.dmaDevicePlace === other.place;

const indexIn = (pieces: readonly Piece[], place: number): number => pieces.findIndex((piece) => piece.place === place);

function renumbered(f: PciFunction, piece: Piece, moved: (index: number) => number): PciFunction {
  const parent = moved(f.parent);
  const physicalFunction = moved(f.physicalFunction);
  const dmaDevice = moved(f.dmaDevice);
  const same = parent === f.parent && physicalFunction === f.physicalFunction && dmaDevice === f.dmaDevice;
  return same ? f : link(piece, parent, physicalFunction, dmaDevice);
}

/** Root busses are as they were: none of them has got or lost a function. */
function withFunctions(machine: Machine, functions: readonly PciFunction[]): Machine {
  return Object.freeze({ ...machine, functions: Object.freeze(functions) });
}
