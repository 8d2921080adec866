/**
 * @module What the host would lose with its network interfaces.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import type { Mount } from '../block/mount-table.ts';
import { type Leaving, PCI_DEVICES } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';
import { driverOf, isGivenAway } from '../served.ts';
import { unreadLoss } from '../unread.ts';
import { hasCarrier } from './interface-files.ts';
import { addressLosses, interfaceLosses } from './interface-losses.ts';
import { type Network, readNetwork } from './network-reading.ts';
import { packetSocketLosses } from './packet-sockets.ts';
import { sessionLosses } from './peers.ts';
import { remoteStorageLosses } from './remote-storage.ts';
import { routeLosses } from './route-losses.ts';

export interface NetworkQuestion {
  /** The value of SSH_CONNECTION, where the caller knows it. */
  readonly sshConnection?: string;
  readonly mounts: readonly Mount[];
}

export function networkLosses(tree: MachineTree, leaving: Leaving, question: NetworkQuestion): readonly Loss[] {
  const network = readNetwork(tree, leaving);
  if ('failure' in network) {
    const device = leaving.devices.find((d) => mayBeNetwork(tree, d));
    if (device === undefined) return [];
    return [
      unreadLoss({ device, area: 'network', question: `whether the host uses interfaces of ${device}`, ...network }),
    ];
  }
  const device = deviceOfNetwork(network);
  return [
    ...hiddenInterfaces(tree, leaving),
    ...(device === undefined
      ? []
      : [
          ...routeLosses(network, (name) => hasCarrier(tree, name)),
          ...sessionLosses(tree, network, device, question.sshConnection),
          ...interfaceLosses(tree, network),
          ...addressLosses(network),
          ...packetSocketLosses(tree, network.interfaces),
          ...remoteStorageLosses(tree, network, question.mounts),
        ]),
  ];
}

/** A leaving function that has interfaces here; undefined where no interface changes at all. */
function deviceOfNetwork({ interfaces }: Network): string | undefined {
  for (const name of interfaces.names) {
    const fate = interfaces.fateOf(name);
    if (fate.kind !== 'stays') return fate.way.device;
  }
  return undefined;
}

const classOf = (tree: MachineTree, device: string): string | undefined =>
  textAt(tree, `${PCI_DEVICES}/${device}/class`);

/** Network controllers, and USB controllers, behind which there may be one. */
function mayBeNetwork(tree: MachineTree, device: string): boolean {
  return /^0x(?:02|0c03)/.test(classOf(tree, device) ?? '0x02');
}

/** sysfs shows only the interfaces of the reader's own network namespace: others may be with a container. */
function hiddenInterfaces(tree: MachineTree, leaving: Leaving): readonly Loss[] {
  return leaving.devices.flatMap((device): readonly Loss[] => {
    if (classOf(tree, device)?.startsWith('0x0200') !== true) return [];
    const directory = `${PCI_DEVICES}/${device}`;
    const name = driverOf(tree, device);
    if (name === undefined || isGivenAway(tree, device) || hasInterface(tree, directory)) return [];
    return [
      loss({
        kind: 'unread',
        item: `unread:interface-of-${device}`,
        device,
        effect: 'undecided',
        says: `${device} is bound to ${name} and no interface of it is seen here: it may be in a network namespace of its own`,
        evidence: [evidence(`${directory}/driver`, name), evidence(directory, 'no interface below it')],
        decidedBy: 'ip netns list, and ip -n <name> link in each',
      }),
    ];
  });
}

/** Directly below, or below what a virtio function carries (`virtio0/net`). */
function hasInterface(tree: MachineTree, directory: string): boolean {
  return namesAt(tree, directory).some(
    (name) => name === 'net' || (/^virtio\d+$/.test(name) && namesAt(tree, `${directory}/${name}`).includes('net')),
  );
}
