/**
 * @module What is looked at again and again while devices move: drivers, overrides, groups. A few small files a device.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { type DeviceIdentity, readIdentity } from '../claims/identity.ts';
import { namesAt, textAt } from '../files.ts';
import { groupDevices, linkName, overrideFile, pciDevice } from '../kernel-files/device-files.ts';

/** What a claim changes about a device, and what it has to look like when it is given back. */
export interface Binding {
  readonly driver: string | null;
  readonly override: string | null;
  /** Virtual functions that are switched on; null where the device is no physical function. */
  readonly virtualFunctions: number | null;
  /** Names of its network interfaces, sorted. */
  readonly interfaces: readonly string[];
}

/** What can be told of a device whatever a driver does with it: to show `driver_override` the kernel waits for that. */
export interface PlacedDevice {
  readonly identity: DeviceIdentity;
  readonly driver: string | null;
  /** Number of the kernel's group; null: none. */
  readonly group: number | null;
}

export type DeviceNow = Binding & PlacedDevice;

export interface GroupMemberNow {
  readonly name: string;
  readonly driver: string | null;
  readonly bridge: boolean;
}

export interface Observation {
  /** See `bootOf`. */
  readonly boot: string | undefined;
  /** Absent: there is no such device. */
  readonly devices: ReadonlyMap<string, DeviceNow>;
}

export function observe(tree: MachineTree, devices: readonly string[]): Observation {
  const found = new Map<string, DeviceNow>();
  for (const device of devices) {
    const now = readDevice(tree, device);
    if (now !== undefined) found.set(device, now);
  }
  return { boot: bootOf(tree), devices: found };
}

/**
 * What the kernel made of the machine lasts as long as this: `proc/sys/kernel/random/boot_id`. Undefined: it cannot be read,
 * so nobody can tell whether a claim is of an earlier boot.
 */
export function bootOf(tree: MachineTree): string | undefined {
  const boot = textAt(tree, 'proc/sys/kernel/random/boot_id');
  return boot === '' ? undefined : boot;
}

/** Undefined: there is no such device. */
export function bindingNow(
  tree: MachineTree,
  device: string,
  fields: readonly BindingField[],
): Partial<Binding> | undefined {
  const found = Object.fromEntries(fields.map((field) => [field, READ[field](tree, device)]));
  // What has any of it is there.
  return Object.values(found).some((value) => value !== null) || isThere(tree, device) ? found : undefined;
}

const isThere = (tree: MachineTree, device: string): boolean => !isReadFailure(tree.readLink(pciDevice(device)));

function readDevice(tree: MachineTree, device: string): DeviceNow | undefined {
  const placed = placedDevice(tree, device);
  return placed === undefined ? undefined : { ...placed, ...readBinding(tree, device) };
}

/** Undefined: there is no such device. */
export function placedDevice(tree: MachineTree, device: string): PlacedDevice | undefined {
  if (!isThere(tree, device)) return undefined;
  const group = linkName(tree, `${pciDevice(device)}/iommu_group`);
  return {
    identity: readIdentity(tree, device),
    driver: linkName(tree, `${pciDevice(device)}/driver`),
    group: group === null ? null : Number(group),
  };
}

export function readBinding(tree: MachineTree, device: string): Binding {
  return {
    driver: READ.driver(tree, device),
    override: READ.override(tree, device),
    virtualFunctions: READ.virtualFunctions(tree, device),
    interfaces: READ.interfaces(tree, device),
  };
}

export type BindingField = keyof Binding;

const READ: { readonly [F in BindingField]: (tree: MachineTree, device: string) => Binding[F] } = {
  driver: (tree, device) => linkName(tree, `${pciDevice(device)}/driver`),
  override(tree, device) {
    const text = textAt(tree, overrideFile(device));
    return text === undefined || text === '' || text === '(null)' ? null : text;
  },
  /** By its links to them: `sriov_numvfs` says the same, and keeps whoever reads it waiting for the driver. */
  virtualFunctions(tree, device) {
    const names = namesAt(tree, pciDevice(device));
    return names.includes('sriov_numvfs') ? names.filter((name) => /^virtfn\d+$/.test(name)).length : null;
  },
  /** Those of virtio belong to the device on its bus: `0000:00:03.0/virtio1/net/eth0`. */
  interfaces(tree, device) {
    const directory = pciDevice(device);
    const virtio = namesAt(tree, directory).filter((name) => /^virtio\d+$/.test(name));
    const places = [directory, ...virtio.map((name) => `${directory}/${name}`)];
    return places.flatMap((place) => namesAt(tree, `${place}/net`));
  },
};

/** The members of a kernel group now; empty where there is no such group. */
export function groupMembers(tree: MachineTree, group: number): readonly GroupMemberNow[] {
  const names = tree.list(groupDevices(group));
  if (isReadFailure(names)) return [];
  return names.map((name) => {
    const directory = `${groupDevices(group)}/${name}`;
    return {
      name,
      driver: linkName(tree, `${directory}/driver`),
      bridge: /^0x060[0-9a-f]/.test(textAt(tree, `${directory}/class`) ?? ''),
    };
  });
}
