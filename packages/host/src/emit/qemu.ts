/**
 * @module Options of QEMU: one root port for each slot of the host, its functions together behind it.
 */
import type { AssignedFunction } from './assigned-function.ts';
import type { Emitted } from './emitted.ts';
import { guestSlots, renumbered } from './guest-slots.ts';

/** For a machine with PCI Express (q35, virt). Each option and its value is one line, to be pasted into a command. */
export function emitQemu(functions: readonly AssignedFunction[]): Emitted {
  const slots = guestSlots(functions);
  const lines = slots.flatMap((slot, i) => {
    const port = `isogroups${i + 1}`;
    const together = slot.functions.length > 1;
    return [
      `-device pcie-root-port,id=${port},chassis=${CHASSIS},slot=${i + 1}`,
      ...slot.functions.map(
        ({ function: f, number }) =>
          `-device vfio-pci,host=${f.device},bus=${port},addr=00.${number}${together && number === 0 ? ',multifunction=on' : ''}`,
      ),
    ];
  });
  return { text: lines.join(' \\\n'), notes: renumberedNotes(slots) };
}

/** Chassis and slot together name a port; nobody else counts from here. */
const CHASSIS = 224;

export function renumberedNotes(slots: ReturnType<typeof guestSlots>): readonly string[] {
  return renumbered(slots).map(
    ({ function: f }) => `${f.device} is function 0 in the guest: a guest finds no others without it`,
  );
}
