/**
 * @module File systems and disks that are reached through the network: NFS, SMB, Ceph, iSCSI, NVMe over fabrics.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import type { Mount } from '../block/mount-table.ts';
import { lossesOf } from '../fate.ts';
import { type Evidence, evidence, type Loss } from '../loss.ts';
import { parseIpAddress } from './address.ts';
import type { Network } from './network-reading.ts';

interface RemoteStorage {
  readonly name: string;
  /** `/srv (nfs4)` */
  readonly title: string;
  readonly peer: string;
  readonly shown: Evidence;
}

/** @param mounts of our own namespace */
export function remoteStorageLosses(tree: MachineTree, network: Network, mounts: readonly Mount[]): readonly Loss[] {
  const all = [...mountedFrom(mounts), ...iscsi(tree), ...fabrics(tree)];
  return all.flatMap(({ name, title, peer, shown }): readonly Loss[] => {
    const address = parseIpAddress(peer);
    const fate = address === undefined ? undefined : network.fateOfRoute(address);
    if (fate === undefined) return [];
    const subject = `${title} is reached at ${peer} through`;
    return lossesOf(fate, { kind: 'remote-storage', item: `remote-storage:${name}`, subject, shown: [shown] });
  });
}

/** The kernel's clients show the address of the server as `addr=`; Ceph has its monitors in the source. */
function mountedFrom(mounts: readonly Mount[]): readonly RemoteStorage[] {
  return mounts.flatMap(({ mountPoint, type, source, options }): readonly RemoteStorage[] => {
    const stated = options.find((option) => option.startsWith('addr='))?.slice('addr='.length);
    const peer = stated ?? (type === 'ceph' ? source.split(/[:,/]/)[0] : undefined);
    if (peer === undefined) return [];
    const shown = evidence('proc/self/mountinfo', `${source} is mounted at ${mountPoint} (${type})`);
    return [{ name: mountPoint, title: `${mountPoint} (${type})`, peer, shown }];
  });
}

function iscsi(tree: MachineTree): readonly RemoteStorage[] {
  const directory = 'sys/class/iscsi_connection';
  return namesAt(tree, directory).flatMap((name): readonly RemoteStorage[] => {
    const file = `${directory}/${name}/address`;
    const peer = textAt(tree, file);
    return peer === undefined ? [] : [{ name, title: `iSCSI ${name}`, peer, shown: evidence(file, peer) }];
  });
}

function fabrics(tree: MachineTree): readonly RemoteStorage[] {
  const directory = 'sys/class/nvme';
  return namesAt(tree, directory).flatMap((name): readonly RemoteStorage[] => {
    const file = `${directory}/${name}/address`;
    const peer = /(?:^|,)traddr=([^,]+)/.exec(textAt(tree, file) ?? '')?.[1];
    return peer === undefined ? [] : [{ name, title: `NVMe over fabrics ${name}`, peer, shown: evidence(file, peer) }];
  });
}
