/**
 * @module What a device is, apart from its address: addresses and group numbers are handles for today.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { decodeConfigSpace, isUnknown } from '@isogroups/pci';
import { lastPart, textAt } from '../files.ts';
import { pciDevice } from '../kernel-files/device-files.ts';

/** Compared as a whole: a member that differs in any field is another device. */
export interface DeviceIdentity {
  /** Slots from the root, free of bus numbers: `pci0000:00/1c.0/00.0`; a virtual function is `…/vf3` of its parent. */
  readonly path: string;
  /** `8086:1521`, as the kernel has them. */
  readonly ids: string;
  /** `8086:0001`. */
  readonly subsystem: string;
  /** 24 bits: `0x020000`. */
  readonly class: string;
  /** `00-11-22-ff-ff-33-44-55`; null: the device has none; absent: it could not be read, and is not compared. */
  readonly serial?: string | null;
}

export function readIdentity(tree: MachineTree, device: string): DeviceIdentity {
  const directory = pciDevice(device);
  const id = (name: string): string => (textAt(tree, `${directory}/${name}`) ?? '').replace(/^0x/, '');
  return {
    path: devicePath(tree, device),
    ids: `${id('vendor')}:${id('device')}`,
    subsystem: `${id('subsystem_vendor')}:${id('subsystem_device')}`,
    class: `0x${id('class')}`,
    ...serialNumber(tree, directory),
  };
}

function devicePath(tree: MachineTree, device: string): string {
  const directory = pciDevice(device);
  const physical = tree.readLink(`${directory}/physfn`);
  if (!isReadFailure(physical)) {
    const owner = lastPart(physical);
    return `${devicePath(tree, owner)}/${virtualFunctionName(tree, owner, device)}`;
  }
  const target = tree.readLink(directory);
  if (isReadFailure(target)) return device;
  const parts = target.split('/');
  const root = parts.findIndex((part) => /^pci[0-9a-f]{4,}:/.test(part));
  return parts
    .slice(Math.max(root, 0))
    .map((part) => /^[0-9a-f]{4,}:[0-9a-f]{2}:([0-9a-f]{2}\.[0-7])$/.exec(part)?.[1] ?? part)
    .join('/');
}

function virtualFunctionName(tree: MachineTree, owner: string, device: string): string {
  const names = tree.list(pciDevice(owner));
  for (const name of isReadFailure(names) ? [] : names) {
    const number = /^virtfn(\d+)$/.exec(name)?.[1];
    if (number === undefined) continue;
    const target = tree.readLink(`${pciDevice(owner)}/${name}`);
    if (!isReadFailure(target) && lastPart(target) === device) return `vf${number}`;
  }
  return `vf-${device}`;
}

function serialNumber(tree: MachineTree, directory: string): Pick<DeviceIdentity, 'serial'> {
  const file = `${directory}/config`;
  const bytes = tree.readBytes(file);
  if (isReadFailure(bytes)) return {};
  const { serialNumber: serial } = decodeConfigSpace({ bytes, file }).facts;
  return isUnknown(serial) ? {} : { serial };
}

export interface IdentityDifference {
  readonly field: keyof DeviceIdentity;
  readonly was: string | null;
  readonly is: string | null;
}

/** Empty: the same device, as far as both could be read. */
export function compareIdentity(was: DeviceIdentity, is: DeviceIdentity): readonly IdentityDifference[] {
  const fields = ['path', 'ids', 'subsystem', 'class', 'serial'] as const;
  return fields.flatMap((field) => {
    const [before, now] = [was[field], is[field]];
    return before === undefined || now === undefined || before === now ? [] : [{ field, was: before, is: now }];
  });
}
