/**
 * @module What sort of bus a function leads to, and so what may sit on it.
 */
import type { FunctionDescription } from './description.ts';
import { type Kind, kindOf, type Role } from './kinds.ts';

export type BusKind =
  /** The bus of a host bridge, or of a VMD. */
  | 'root'
  /** A PCI Express link: one device. */
  | 'link'
  /** The inside of a switch. */
  | 'switch'
  | 'conventional';

const LEADS_TO: Readonly<Partial<Record<Role, BusKind>>> = Object.freeze({
  'root-port': 'link',
  'downstream-port': 'link',
  'reverse-bridge': 'link',
  switch: 'switch',
  bridge: 'conventional',
  vmd: 'root',
});

/** The bus below a function; undefined for a function that leads nowhere. */
export function busBelow(role: Role): BusKind | undefined {
  return LEADS_TO[role];
}

/** Which roles a bus takes besides endpoints. */
export const ROLES_ON: Readonly<Record<BusKind, readonly Role[]>> = Object.freeze({
  root: ['root-port', 'bridge', 'host-bridge', 'vmd'],
  link: ['switch', 'bridge'],
  switch: ['downstream-port'],
  conventional: ['bridge', 'reverse-bridge'],
});

/** @throws TypeError for a word that is none, which `findFault` has ruled out. */
export function kindOfFunction(f: FunctionDescription): Kind {
  const kind = kindOf(f.kind);
  if (kind === undefined) throw new TypeError(`"${f.kind}" is no kind of function`);
  return kind;
}
