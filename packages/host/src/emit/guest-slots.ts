/**
 * @module How functions are put together in a guest: those of one slot of the host share a slot there.
 */
import type { AssignedFunction } from './assigned-function.ts';

export interface GuestFunction {
  readonly function: AssignedFunction;
  /** Its number in the guest's slot. */
  readonly number: number;
}

export interface GuestSlot {
  /** In the order of their numbers. */
  readonly functions: readonly GuestFunction[];
}

/**
 * Functions of one device expect each other (a graphics card and its sound), and a guest looks for further functions only
 * where there is a function 0: without one of the host's, the lowest takes its place. A virtual function is a device of
 * its own to its driver, whatever its number, and gets a slot for itself.
 */
export function guestSlots(functions: readonly AssignedFunction[]): readonly GuestSlot[] {
  const slots = new Map<string, AssignedFunction[]>();
  for (const f of functions) {
    const slot = f.isVirtualFunction ? f.device : f.device.slice(0, f.device.lastIndexOf('.'));
    const others = slots.get(slot);
    if (others === undefined) slots.set(slot, [f]);
    else if (!others.includes(f)) others.push(f);
  }
  return [...slots.values()].map((all) => {
    const sorted = [...all].sort((a, b) => a.address.devfn - b.address.devfn);
    return { functions: sorted.map((f, k) => ({ function: f, number: k === 0 ? 0 : f.address.devfn & 7 })) };
  });
}

/** Functions that do not have in the guest the number that they have in the host. */
export function renumbered(slots: readonly GuestSlot[]): readonly GuestFunction[] {
  return slots.flatMap((slot) =>
    slot.functions.filter((f) => !f.function.isVirtualFunction && f.number !== (f.function.address.devfn & 7)),
  );
}
