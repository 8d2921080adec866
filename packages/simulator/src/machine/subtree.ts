/**
 * @module What leaves with a function, and how it leaves its bus.
 */
import type { LiveFunction } from './live-device.ts';
import type { MachineState } from './machine-state.ts';
import { treeOrder } from './tree-order.ts';

/** The function, its virtual functions and all that is below them, children before parents. */
export function subtreeOf(state: MachineState, f: LiveFunction): readonly LiveFunction[] {
  return [...withAllBelow(sameDevice(state, f))].reverse();
}

/** In tree order, the domains of VMDs with them. */
export function withAllBelow(functions: readonly LiveFunction[]): readonly LiveFunction[] {
  return treeOrder([{ segment: 0, bus: 0, functions: [...functions] }]);
}

/** A function and its virtual functions. */
function sameDevice(state: MachineState, f: LiveFunction): readonly LiveFunction[] {
  return busOf(state, f).filter((other) => other === f || other.physicalFunction === f);
}

/** The list that the function is on. */
export function busOf(state: MachineState, f: LiveFunction): LiveFunction[] {
  const below = f.parent?.below ?? f.dmaFunction?.below;
  return below ?? state.roots.find((root) => root.functions.includes(f))?.functions ?? [];
}

/** Takes a function and all that `subtreeOf` names off its bus. Their addresses and bus numbers are free again. */
export function takeOut(state: MachineState, f: LiveFunction): void {
  const gone = subtreeOf(state, f);
  const bus = busOf(state, f);
  const left = bus.filter((other) => other !== f && other.physicalFunction !== f);
  bus.splice(0, bus.length, ...left);
  for (const { label, software } of gone) {
    state.labels.release(label);
    for (const s of software) state.labels.release(s.label);
  }
}
