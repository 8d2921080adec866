/**
 * @module Interfaces whose packets travel in packets of another interface that they do not name.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { INTERFACES } from './interface-files.ts';

/** Numbers of if_arp.h: IP in IP, IPv6 in IPv6, IPv6 in IPv4, GRE over IPv4 and IPv6. */
const TUNNEL_TYPES: ReadonlySet<string> = new Set(['768', '769', '776', '778', '823']);
const TUNNEL_DEVTYPES = /^DEVTYPE=(?:wireguard|vxlan|geneve|gtp|amt)$/m;
/** Of a `tun` interface (OpenVPN); a `tap` is mostly the port of a guest. */
const TUN = 0x1;
const IFF_UP = 0x1;

const PPP_TYPE = '512';
const PPPOE = 'proc/net/pppoe';

export const isPpp = (tree: MachineTree, name: string): boolean =>
  textAt(tree, `${INTERFACES}/${name}/type`) === PPP_TYPE;

/** Interfaces that sessions of PPPoE run over, one a session: `0000A1B2 52:54:00:12:34:56     eth0`. */
export function pppoeLinks(tree: MachineTree): readonly string[] {
  const lines = (textAt(tree, PPPOE) ?? '').split('\n').slice(1);
  return lines.flatMap((line) => line.trim().split(/\s+/)[2] ?? []);
}

/** Whether the index in `iflink` is that of an interface below it; that of a veth is in another namespace. */
export function tellsLink(tree: MachineTree, name: string): boolean {
  const directory = `${INTERFACES}/${name}`;
  if (TUNNEL_TYPES.has(textAt(tree, `${directory}/type`) ?? '')) return true;
  return /^DEVTYPE=/m.test(textAt(tree, `${directory}/uevent`) ?? '');
}

/** Only of those that are up, and not tied to an interface (those are seen as lying on it). */
export function isTunnel(tree: MachineTree, name: string, below: readonly string[]): boolean {
  const directory = `${INTERFACES}/${name}`;
  if (below.length > 0 || (Number(textAt(tree, `${directory}/flags`)) & IFF_UP) === 0) return false;
  if (TUNNEL_TYPES.has(textAt(tree, `${directory}/type`) ?? '') || isPpp(tree, name)) return true;
  if (TUNNEL_DEVTYPES.test(textAt(tree, `${directory}/uevent`) ?? '')) return true;
  return (Number(textAt(tree, `${directory}/tun_flags`) ?? 0) & TUN) !== 0;
}
