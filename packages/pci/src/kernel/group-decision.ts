/**
 * @module Which group Linux gives to a PCI function when it probes it (pci_device_group): a decision that depends on the
 * groups that exist at that moment, never revised later.
 */
import type { PciFunction } from '../facts/pci-function.ts';
import type { Topology } from '../topology/topology.ts';
import type { AcsAnswers } from './acs-rule.ts';
import { type Aliases, areAliases } from './aliases.ts';

/** Why a function came into a group that was there before, or got a new one. `witness` is the member met on the way. */
export type Join =
  /** Nothing on the way has a group: a new one. */
  | { readonly rule: 'new' }
  /** Its DMA carries the requester id of the witness (Intel VMD). */
  | { readonly rule: 'dma-device'; readonly witness: number }
  /** The witness is a bridge that takes over the requester ids of what is below it. */
  | { readonly rule: 'alias-bridge'; readonly witness: number }
  /** The path from the witness, a bridge above, to the root is not isolated: what is below can reach it. */
  | { readonly rule: 'upstream-port'; readonly witness: number; readonly notIsolated: number }
  /** A quirk says that the function (or the bridge `of`) uses the requester id of the witness, or the reverse. */
  | { readonly rule: 'requester-alias'; readonly witness: number; readonly of: number }
  /** Functions of one slot that are both not isolated. */
  | { readonly rule: 'slot'; readonly witness: number; readonly of: number };

export interface DecisionInput {
  readonly topology: Topology;
  readonly aliases: Aliases;
  readonly acs: AcsAnswers;
  /** Group of each function so far; -1 for none. */
  readonly groupOf: Int32Array;
  /** How an answer that is not known is to be taken: both ways are tried by `replay`. */
  readonly unknownIsIsolated: boolean;
  /** Called whenever an answer that is not known had to be taken one way or the other. */
  readonly onUnknown: () => void;
  /** Functions that a decision has looked at; one set for all decisions, emptied for each. */
  readonly visited: Visited;
}

/** A set of functions that costs nothing to empty, for a million decisions. */
export interface Visited {
  clear(): void;
  /** False where the function was in it already. */
  add(i: number): boolean;
}

export function createVisited(count: number): Visited {
  const round = new Int32Array(count);
  let now = 0;
  return {
    clear() {
      now++;
    },
    add(i) {
      const isNew = round[i] !== now;
      round[i] = now;
      return isNew;
    },
  };
}

const NEW: Join = Object.freeze({ rule: 'new' });

export function decideGroup(input: DecisionInput, device: number): Join {
  const { topology, aliases, groupOf } = input;
  const hasGroup = (i: number): boolean => (groupOf[i] as number) >= 0;

  // 1. Whoever answers for the device's requester ids further up has decided already.
  let top = device;
  const dmaDevice = dmaDeviceOf(topology, device);
  if (dmaDevice >= 0) {
    if (hasGroup(dmaDevice)) return { rule: 'dma-device', witness: dmaDevice };
    top = dmaDevice;
  }
  for (let bridge = aliases.aliasBridgeAbove(top); bridge >= 0; bridge = aliases.aliasBridgeAbove(bridge)) {
    if (hasGroup(bridge)) return { rule: 'alias-bridge', witness: bridge };
    top = bridge;
  }

  // 2. Up to the first bridge from which all the way to the root is isolated.
  for (let bridge = parentOf(topology, top); bridge >= 0; bridge = parentOf(topology, bridge)) {
    if (isYes(input, input.acs.pathIsolated(bridge))) break;
    top = bridge;
    if (hasGroup(bridge)) {
      return { rule: 'upstream-port', witness: bridge, notIsolated: firstNotIsolated(input, bridge) };
    }
  }

  // 3. and 4. Those on the same bus who share a requester id, then those in the same slot.
  input.visited.clear();
  return aliasGroup(input, top, top) ?? slotGroup(input, top) ?? NEW;
}

function dmaDeviceOf({ machine, vmdChildren }: Topology, i: number): number {
  return vmdChildren.length === 0 ? -1 : (machine.functions[i] as PciFunction).dmaDevice;
}

const parentOf = ({ parent }: Topology, i: number): number => parent[i] as number;

function isYes(input: DecisionInput, answer: 1 | 0 | -1): boolean {
  if (answer === -1) input.onUnknown();
  return answer === 1 || (answer === -1 && input.unknownIsIsolated);
}

function firstNotIsolated(input: DecisionInput, from: number): number {
  for (let b = from; b >= 0; b = parentOf(input.topology, b)) if (!isYes(input, input.acs.isolated(b))) return b;
  return from;
}

/** get_pci_alias_group: the group of `x`, or of any function that shares a requester id with it. */
function aliasGroup(input: DecisionInput, x: number, of: number): Join | undefined {
  if (!input.visited.add(x)) return undefined;
  if ((input.groupOf[x] as number) >= 0) return { rule: 'requester-alias', witness: x, of };

  for (const y of possibleAliases(input, x)) {
    if (y === x || !areAliases(input.topology, input.aliases, x, y)) continue;
    const found = aliasGroup(input, y, x) ?? slotGroup(input, y);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The kernel asks every device of the machine. Only functions of the same bus count, and only where one of the two has a
 * mask: the few that do are kept by bus.
 */
function possibleAliases(input: DecisionInput, x: number): readonly number[] {
  const { topology, aliases } = input;
  const masked = aliases.maskedOnBus(x);
  if (masked.length === 0) return masked;
  if (aliases.mask(x).length === 0) return masked;
  const all: number[] = [];
  for (let y = topology.busFrom[x] as number; y < (topology.busTo[x] as number); y++) all.push(y);
  return all;
}

/** get_pci_function_alias_group: both must fail the test; a function that passes keeps to itself whatever its siblings do. */
function slotGroup(input: DecisionInput, x: number): Join | undefined {
  const { topology, acs } = input;
  if (topology.multifunction[x] !== 1 || isYes(input, acs.isolated(x))) return undefined;
  for (let y = topology.slotFrom[x] as number; y < (topology.slotTo[x] as number); y++) {
    if (y === x || isYes(input, acs.isolated(y))) continue;
    const found = aliasGroup(input, y, x);
    if (found === undefined) continue;
    return found.rule === 'requester-alias' && found.witness === y ? { rule: 'slot', witness: y, of: x } : found;
  }
  return undefined;
}
