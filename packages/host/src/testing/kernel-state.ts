/**
 * @module A kernel as data: what binds devices to drivers, and what happens when its files are written. Pure functions, so
 * that states can be kept, compared and explored.
 *
 * Modelled after drivers/base/bus.c, dd.c, drivers/pci/pci-driver.c and iov.c (Linux 6.12).
 */
import type { WriteOutcome } from '../kernel-files/kernel-files.ts';
import type { Step } from '../plan/step.ts';

export interface FakeDevice {
  readonly address: string;
  /** `8086:1521` */
  readonly ids: string;
  readonly serial?: string;
  readonly group: number;
  /** The driver that matches its ids; null: none does. */
  readonly native: string | null;
  readonly driver: string | null;
  readonly override: string | null;
  readonly present: boolean;
  /** A driver of the host took it, which nobody here did. */
  readonly taken?: boolean;
  /** Of a physical function: virtual functions that are on. */
  readonly vfs?: number;
  /** Of a virtual function: its physical function, and its number. */
  readonly owner?: { readonly address: string; readonly number: number };
}

export interface KernelState {
  /** Goes up with every start. */
  readonly boot: number;
  readonly devices: readonly FakeDevice[];
  /** Drivers that are there: name to module. */
  readonly drivers: readonly string[];
  /** Writes that are inside the kernel and have not returned. */
  readonly hung: readonly HungWrite[];
}

export interface HungWrite {
  readonly writer: number;
  readonly step: Step;
}

export interface Written {
  readonly state: KernelState;
  readonly outcome: WriteOutcome;
}

const OK: WriteOutcome = Object.freeze({ kind: 'ok' });
export const errno = (name: string, says: string): WriteOutcome => ({ kind: 'errno', errno: name, says });
const ENOENT = errno('ENOENT', 'no such file or directory');
const ENODEV = errno('ENODEV', 'no such device');
const EBUSY = errno('EBUSY', 'resource busy or locked');

export function performStep(state: KernelState, step: Step): Written {
  return step.kind === 'write' ? writeFile(state, step.file, step.text) : runProgram(state, step.program, step.args);
}

function writeFile(state: KernelState, file: string, text: string): Written {
  const word = text.split('\n', 1)[0] as string;
  const [, address, attribute] = /^sys\/bus\/pci\/devices\/([^/]+)\/([^/]+)$/.exec(file) ?? [];
  if (address !== undefined) {
    const device = presentDevice(state, address);
    if (device === undefined) return { state, outcome: ENOENT };
    if (attribute === 'driver_override') return done(change(state, address, { override: word === '' ? null : word }));
    if (attribute === 'sriov_numvfs' && device.vfs !== undefined) return setCount(state, device, Number(word));
    return { state, outcome: ENOENT };
  }
  const [, driver, action] = /^sys\/bus\/pci\/drivers\/([^/]+)\/(bind|unbind)$/.exec(file) ?? [];
  if (driver !== undefined) {
    if (!state.drivers.includes(driver)) return { state, outcome: ENOENT };
    const device = presentDevice(state, word);
    if (device === undefined) return { state, outcome: ENODEV };
    return action === 'bind' ? bind(state, device, driver) : unbind(state, device, driver);
  }
  if (file === 'sys/bus/pci/drivers_probe') {
    const device = presentDevice(state, word);
    return device === undefined ? { state, outcome: ENODEV } : done(probe(state, device));
  }
  return { state, outcome: ENOENT };
}

function runProgram(state: KernelState, program: string, args: readonly string[]): Written {
  if (program !== 'modprobe') return { state, outcome: ENOENT };
  const driver = (args[0] as string).replaceAll('_', '-');
  if (state.drivers.includes(driver)) return { state, outcome: OK };
  const loaded = { ...state, drivers: [...state.drivers, driver] };
  // Only the new driver looks for devices.
  const found = loaded.devices.filter((d) => d.present && d.driver === null && matches(d, driver));
  return done(found.reduce<KernelState>((s, d) => change(s, d.address, { driver }), loaded));
}

const done = (state: KernelState): Written => ({ state, outcome: OK });

function presentDevice(state: KernelState, address: string): FakeDevice | undefined {
  return state.devices.find((d) => d.address === address && d.present);
}

function change(state: KernelState, address: string, to: Partial<FakeDevice>): KernelState {
  return { ...state, devices: state.devices.map((d) => (d.address === address ? { ...d, ...to } : d)) };
}

/** VFIO matches only where an override names it; with an override nothing else does. */
const matches = (device: FakeDevice, driver: string): boolean =>
  device.override === null ? device.native === driver : device.override === driver;

function bind(state: KernelState, device: FakeDevice, driver: string): Written {
  if (!matches(device, driver)) return { state, outcome: ENODEV };
  if (device.driver !== null) return { state, outcome: EBUSY };
  return done(change(state, device.address, { driver }));
}

function unbind(state: KernelState, device: FakeDevice, driver: string): Written {
  if (device.driver !== driver) return { state, outcome: ENODEV };
  const unbound = change(state, device.address, { driver: null });
  // Drivers switch their virtual functions off when they go.
  return done((device.vfs ?? 0) > 0 ? withCount(unbound, device.address, 0) : unbound);
}

/** The kernel answers that all is well whether or not a driver took the device. */
function probe(state: KernelState, device: FakeDevice): KernelState {
  if (device.driver !== null) return state;
  const driver = state.drivers.find((name) => matches(device, name));
  return driver === undefined ? state : change(state, device.address, { driver });
}

function setCount(state: KernelState, device: FakeDevice, count: number): Written {
  if (device.driver === null) return { state, outcome: ENOENT };
  if (count === device.vfs) return { state, outcome: OK };
  if (count > 0 && device.vfs !== 0) return { state, outcome: EBUSY };
  return done(withCount(state, device.address, count));
}

function withCount(state: KernelState, owner: string, count: number): KernelState {
  const devices = state.devices.map((d) => {
    if (d.address === owner) return { ...d, vfs: count };
    if (d.owner?.address !== owner) return d;
    return { ...d, present: d.owner.number < count, driver: null, override: null };
  });
  const switched = { ...state, devices };
  const made = devices.filter((d) => d.owner?.address === owner && d.present);
  return made.reduce<KernelState>((s, d) => probe(s, d), switched);
}

/** The device is pulled out. */
export function unplug(state: KernelState, address: string): KernelState {
  const device = presentDevice(state, address);
  if (device === undefined) return state;
  const gone = change(state, address, { present: false, driver: null, override: null });
  return device.vfs === undefined ? gone : withCount(gone, address, 0);
}

/** Its driver is loaded, or somebody binds it. */
export function take(state: KernelState, address: string): KernelState {
  const device = presentDevice(state, address);
  return device === undefined ? state : change(state, address, { driver: device.native, taken: true });
}

/** What hangs returns: with its effect, or without. */
export function settle(state: KernelState, hung: HungWrite, takesEffect: boolean): KernelState {
  const rest = { ...state, hung: state.hung.filter((h) => h !== hung) };
  return takesEffect ? performStep(rest, hung.step).state : rest;
}

/** A write to a device that another write hangs in waits for the same lock. */
export function isHeld(state: KernelState, step: Step): boolean {
  return step.kind === 'write' && state.hung.some((h) => h.step.device === step.device);
}
