/**
 * @module The single steps that move a device, each with what must be seen when it is done.
 */
import { driverFile, overrideFile, PROBE_FILE, vfCountFile } from '../kernel-files/device-files.ts';
import type { RunStep, WriteStep } from './step.ts';

/** `driver_override` names one device; `new_id` would catch every device with the same ids. */
export function overrideStep(device: string, driver: string): WriteStep {
  const why = `reserves ${device} for ${driver}`;
  return write('override', device, overrideFile(device), driver, why, { override: driver });
}

export function unbindStep(device: string, driver: string): WriteStep {
  return write('unbind', device, driverFile(driver, 'unbind'), device, `takes ${device} from ${driver}`, {
    driver: null,
  });
}

/** The kernel answers "done" whether or not a driver took the device: what counts is what is seen afterwards. */
export function probeStep(device: string, driver: string): WriteStep {
  return write('probe', device, PROBE_FILE, device, `binds ${device} to ${driver}`, { driver });
}

export function loadStep(device: string, module: string): RunStep {
  return {
    kind: 'run',
    phase: 'load',
    device,
    program: 'modprobe',
    args: [module],
    why: `loads ${module}`,
    expects: {},
  };
}

/** A line end alone clears it; an empty write would not reach the kernel. */
export function clearStep(device: string, before: string | null): WriteStep {
  const why = before === null ? `frees ${device} for any driver` : `reserves ${device} for ${before} again`;
  return write('clear', device, overrideFile(device), before ?? '\n', why, { override: before });
}

/** Exactly the driver that it had: probing might find another one that matches as well. */
export function bindStep(device: string, driver: string): WriteStep {
  return write('bind', device, driverFile(driver, 'bind'), device, `gives ${device} back to ${driver}`, { driver });
}

export function countStep(device: string, count: number): WriteStep {
  const why = count === 0 ? `switches the virtual functions of ${device} off` : `switches ${count} of ${device} on`;
  return write('count', device, vfCountFile(device), `${count}`, why, { virtualFunctions: count });
}

function write(
  phase: WriteStep['phase'],
  device: string,
  file: string,
  text: string,
  why: string,
  expects: WriteStep['expects'],
): WriteStep {
  return { kind: 'write', phase, device, file, text, why, expects };
}
