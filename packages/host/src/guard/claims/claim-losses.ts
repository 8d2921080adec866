/**
 * @module Other tools that have the device, or will take it at the next start.
 */
import { isReadFailure, type MachineTree, readText } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { type Leaving, PCI_DEVICES } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';
import { unreadLoss } from '../unread.ts';
import { driverIds, idLosses } from './driver-ids.ts';
import { libvirtClaims } from './libvirt.ts';
import { proxmoxClaims } from './proxmox.ts';

export interface ToolClaim {
  /** `libvirt:vm1` */
  readonly owner: string;
  /** A device, or a slot (`0000:01:00`), which means all of its functions. */
  readonly place: string;
  /** Completes "0000:01:00.0 …". */
  readonly says: string;
  readonly file: string;
}

/** @param ours the `driver_override` that this program wrote, by device */
export function claimLosses(tree: MachineTree, leaving: Leaving, ours: ReadonlyMap<string, string>): readonly Loss[] {
  const claims = [...libvirtClaims(tree), ...proxmoxClaims(tree)];
  const ids = driverIds(tree);
  return leaving.devices.flatMap((device): readonly Loss[] => [
    ...driverctl(tree, device),
    ...idLosses(tree, device, ids),
    ...claims
      .filter(({ place }) => place === device || place === device.slice(0, device.lastIndexOf('.')))
      .map(({ owner, says, file }) => claimed(device, owner, `${device} ${says}`, file)),
    ...foreignOverride(tree, device, ours.get(device)),
  ]);
}

const claimed = (device: string, owner: string, says: string, file: string): Loss =>
  loss({
    kind: 'other-claim',
    item: `${owner}:${device}`,
    device,
    effect: 'lost',
    says,
    evidence: [evidence(file, device)],
  });

/** driverctl keeps the driver's name in a file that is called by bus and device. */
function driverctl(tree: MachineTree, device: string): readonly Loss[] {
  const file = `etc/driverctl.d/pci-${device}`;
  const driver = textAt(tree, file);
  if (driver === undefined) return [];
  return [claimed(device, 'driverctl', `${device} is bound to ${driver} by driverctl at each start`, file)];
}

/** The kernel prints `(null)` where there is none. */
function foreignOverride(tree: MachineTree, device: string, ours: string | undefined): readonly Loss[] {
  const file = `${PCI_DEVICES}/${device}/driver_override`;
  const driver = readText(tree, file);
  if (isReadFailure(driver)) {
    if (driver.reason === 'missing') return [];
    const question = `whether another tool has set a driver for ${device}`;
    return [unreadLoss({ device, area: `override:${device}`, question, file, failure: driver })];
  }
  if (driver === '' || driver === '(null)' || driver === ours) return [];
  return [claimed(device, 'override', `${device} has the driver_override ${driver}, which somebody else wrote`, file)];
}
