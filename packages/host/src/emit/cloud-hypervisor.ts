/**
 * @module The option of Cloud Hypervisor.
 */
import type { AssignedFunction } from './assigned-function.ts';
import type { Emitted } from './emitted.ts';
import { guestSlots } from './guest-slots.ts';

/** It has no slots with several functions: each gets one of its own. */
export function emitCloudHypervisor(functions: readonly AssignedFunction[]): Emitted {
  const paths = functions.map((f) => `path=/sys/bus/pci/devices/${f.device}/`);
  const together = guestSlots(functions).filter((slot) => slot.functions.length > 1);
  return {
    text: `--device ${paths.join(' ')}`,
    notes: together.map((slot) => {
      const names = slot.functions.map((f) => f.function.device).join(', ');
      return `Cloud Hypervisor gives ${names} slots of their own, though they are functions of one device`;
    }),
  };
}
