/**
 * @module The steps that would make a handover possible, in the order in which they have to be done.
 */

export type Step =
  /** A line for a root shell. */
  | { readonly kind: 'command'; readonly command: string; readonly why: string }
  /** Something that no command does: firmware setup, a restart with another kernel option. */
  | { readonly kind: 'instruction'; readonly text: string };

export const instruction = (text: string): Step => ({ kind: 'instruction', text });
export const command = (line: string, why: string): Step => ({ kind: 'command', command: line, why });

/** A device that has to change hands, as the host has it now. */
export interface Rebinding {
  readonly party: number;
  readonly device: string;
  /** `pci`, or the bus of a device that is no PCI function. */
  readonly bus: string;
  readonly driver: string | null;
  /** Bridges are only taken from their driver: VFIO does not take them. */
  readonly bridge: boolean;
}

/**
 * All overrides first, then all unbinding, then all probing: no device is bound to a host driver again while another one
 * still waits. `driver_override` names one device; `new_id` would catch every device with the same ids.
 */
export function bindingSteps(devices: readonly Rebinding[], vfioLoaded: boolean): readonly Step[] {
  const toVfio = devices.filter((d) => !d.bridge);
  const modules = vfioLoaded ? [] : [...new Set(toVfio.map((d) => vfioDriver(d.bus)))];
  return [
    ...modules.map((module) => command(`modprobe ${module}`, 'loads the driver of VFIO')),
    ...toVfio.map(({ device, bus }) =>
      command(
        `echo ${vfioDriver(bus)} > /sys/bus/${bus}/devices/${device}/driver_override`,
        `reserves ${device} for VFIO`,
      ),
    ),
    ...devices.flatMap(({ device, bus, driver }) =>
      driver === null
        ? []
        : [command(`echo ${device} > /sys/bus/${bus}/drivers/${driver}/unbind`, `takes ${device} from ${driver}`)],
    ),
    ...toVfio.map(({ device, bus }) =>
      command(`echo ${device} > /sys/bus/${bus}/drivers_probe`, `binds ${device} to ${vfioDriver(bus)}`),
    ),
  ];
}

function vfioDriver(bus: string): string {
  return `vfio-${bus}`;
}

/** Each step once, at its first place. */
export function uniqueSteps(steps: readonly Step[]): readonly Step[] {
  const seen = new Set<string>();
  return steps.filter((step) => {
    const key = step.kind === 'command' ? step.command : step.text;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
