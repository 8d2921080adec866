/**
 * @module Whether message-signalled interrupts are isolated: remapped by VT-d or AMD-Vi, or translated by an ARM ITS.
 */
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { KernelOptions } from '../kernel/command-line/kernel-options.ts';
import { hasBrokenInterruptRemapping } from '../quirks/irq-remapping-quirks.ts';

export interface InterruptIsolation {
  readonly isolated: boolean;
  /** One clause with the evidence. */
  readonly because: string;
}

const ENABLED = /Enabled IRQ remapping|AMD-Vi: Interrupt remapping enabled/;
const DISABLED =
  /Failed to enable irq remapping|AMD-Vi: Disabling interrupt remapping|Not enabling interrupt remapping/i;

export function interruptIsolation(machine: Machine, options: KernelOptions): Fact<InterruptIsolation> {
  const { firmware, kernel } = machine;
  const says = (isolated: boolean, because: string): InterruptIsolation => ({ isolated, because });

  const log = known(kernel.log);
  const line = log?.find((l) => ENABLED.test(l) || DISABLED.test(l));
  if (line !== undefined) return says(ENABLED.test(line), `the kernel's log says: ${withoutTime(line)}`);

  // Nothing on ARM reads intremap=.
  if (isArm(machine)) return armIsolation(machine);
  if (options.intremap.off) return says(false, 'the kernel was started with interrupt remapping off');
  if (known(hasBrokenInterruptRemapping(machine)) === true) {
    return says(false, 'the chipset is one whose interrupt remapping does not work');
  }
  const dmar = known(firmware.dmar);
  if (dmar && !dmar.interruptRemapping) return says(false, 'the DMAR table does not offer interrupt remapping');
  if (firmware.dmar === null && firmware.ivrs === null) {
    return says(false, 'the firmware describes no unit that remaps interrupts');
  }
  if (log !== undefined && logIsWhole(log))
    return says(false, "the kernel's log does not say that remapping was enabled");
  return unknown(
    'whether interrupts are remapped is not known',
    'the kernel log from boot on ("Enabled IRQ remapping"), or IR- controllers in /proc/interrupts',
  );
}

function isArm(machine: Machine): boolean {
  const { iort, deviceTree } = machine.firmware;
  return known(machine.kernel.architecture) === 'aarch64' || Boolean(known(iort)) || Boolean(known(deviceTree));
}

/** An ITS translates device id and event: a device can only raise what was given to it. GICv2m and plain MBI cannot. */
function armIsolation(machine: Machine): Fact<InterruptIsolation> {
  const iort = known(machine.firmware.iort);
  if (iort) {
    const its = iort.nodes.some((n) => n.kind === 'its-group');
    return { isolated: its, because: its ? 'an ITS translates them (IORT)' : 'the IORT table has no ITS' };
  }
  const tree = known(machine.firmware.deviceTree);
  if (tree) {
    const controllers = tree.hostBridges.map((b) => b.msiController ?? 'none');
    const its = controllers.length > 0 && controllers.every((c) => c.includes('its'));
    return { isolated: its, because: `the device tree's interrupt controller for PCI is ${controllers.join(', ')}` };
  }
  return unknown(
    'which interrupt controller serves PCI is not known',
    'the IORT table or the device tree, read as root',
  );
}

function logIsWhole(log: readonly string[]): boolean {
  return log.slice(0, 5).some((l) => /Linux version/.test(l));
}

function withoutTime(line: string): string {
  return line.replace(/^\[[^\]]*\]\s*/, '');
}
