/**
 * @module Programs that receive all packets of an interface: capture, intrusion detection, LLDP. What they listen on has often
 * neither address nor route.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import { INTERFACES } from './interface-files.ts';
import type { Interfaces } from './interfaces.ts';
import { socketOwners } from './socket-owners.ts';

const PACKET = 'proc/net/packet';
/** ETH_P_ALL. Sockets for one protocol belong to what an address is had with (DHCP), or to a link (802.1X). */
const ALL_PROTOCOLS = '0003';

/** One item an interface. Sockets that are bound to no interface go on with the others. */
export function packetSocketLosses(tree: MachineTree, interfaces: Interfaces): readonly Loss[] {
  const byIndex = new Map<string, string[]>();
  for (const { index, inode } of boundSockets(tree)) byIndex.set(index, [...(byIndex.get(index) ?? []), inode]);
  const leaving = interfaces.names.flatMap((name) => {
    const inodes = byIndex.get(textAt(tree, `${INTERFACES}/${name}/ifindex`) ?? '');
    const fate = interfaces.fateOf(name);
    return inodes === undefined || fate.kind === 'stays' ? [] : [{ name, inodes, fate }];
  });
  const owners = socketOwners(tree, new Set(leaving.flatMap(({ inodes }) => inodes)));
  return leaving.flatMap(({ name, inodes, fate }) => {
    const programs = inodes
      .flatMap((inode) => owners.get(inode) ?? [])
      .map(({ command, pid }) => `${command} (${pid})`);
    const who = programs.length === 0 ? ['a program'] : [...new Set(programs)];
    const subject = `${who.join(', ')} ${who.length === 1 ? 'receives' : 'receive'} all packets of`;
    const shown = inodes.map((inode) => evidence(PACKET, `socket ${inode} is bound to ${name}`));
    return lossesOf(fate, { kind: 'packets', item: `packets:${name}`, subject, shown });
  });
}

/** `sk RefCnt Type Proto Iface R Rmem User Inode` */
function boundSockets(tree: MachineTree): readonly { readonly index: string; readonly inode: string }[] {
  const lines = (textAt(tree, PACKET) ?? '').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, , , protocol, index, , , , inode] = line.trim().split(/\s+/);
    const isBound = protocol === ALL_PROTOCOLS && index !== undefined && index !== '0';
    return isBound && inode !== undefined ? [{ index, inode }] : [];
  });
}
