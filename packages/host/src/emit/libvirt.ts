/**
 * @module `<hostdev>` elements of libvirt.
 */
import type { AssignedFunction } from './assigned-function.ts';
import type { Emitted } from './emitted.ts';
import { type GuestFunction, guestSlots } from './guest-slots.ts';
import { renumberedNotes } from './qemu.ts';

/**
 * `managed='no'`: libvirt leaves binding alone, which is the claim's. libvirt makes the root ports for busses of the guest
 * that are named and not there.
 *
 * @param firstBus the guest's bus for the first slot; the others follow
 */
export function emitLibvirt(functions: readonly AssignedFunction[], firstBus: number): Emitted {
  const slots = guestSlots(functions);
  const elements = slots.flatMap((slot, i) =>
    slot.functions.map((f) => element(f, firstBus + i, slot.functions.length > 1 && f.number === 0)),
  );
  return { text: elements.join('\n'), notes: renumberedNotes(slots) };
}

function element({ function: f, number }: GuestFunction, bus: number, multifunction: boolean): string {
  const { segment, bus: hostBus, devfn } = f.address;
  return [
    "<hostdev mode='subsystem' type='pci' managed='no'>",
    "  <driver name='vfio'/>",
    '  <source>',
    `    <address ${place(segment, hostBus, devfn >> 3, devfn & 7)}/>`,
    '  </source>',
    `  <address type='pci' ${place(0, bus, 0, number)}${multifunction ? " multifunction='on'" : ''}/>`,
    '</hostdev>',
  ].join('\n');
}

function place(segment: number, bus: number, slot: number, fn: number): string {
  return `domain='${hex(segment, 4)}' bus='${hex(bus, 2)}' slot='${hex(slot, 2)}' function='${hex(fn, 1)}'`;
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
