/**
 * @module Addresses that the host would lose, and bonds, bridges, VLANs and tunnels that lie on leaving interfaces.
 */
import type { MachineTree } from '@isogroups/inventory';
import { type Fate, lossesOf, STAYS, worst } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import { formatIpAddress } from './address.ts';
import { INTERFACES } from './interface-files.ts';
import { isOnlyOn } from './local-addresses.ts';
import type { Network } from './network-reading.ts';
import { isTunnel } from './tunnels.ts';

/** One item an interface. A plain interface without an address, which nothing lies on, is nobody's loss. */
export function interfaceLosses(tree: MachineTree, network: Network): readonly Loss[] {
  const { interfaces, addresses } = network;
  return interfaces.names.flatMap((name): readonly Loss[] => {
    const item = `interface:${name}`;
    const own = addresses.filter((a) => isOnlyOn(a, name)).map(({ address }) => formatIpAddress(address));
    if (isTunnel(tree, name, interfaces.kindOf(name) === 'ppp' ? [] : interfaces.below(name))) {
      const subject = `packets of the tunnel ${name} may leave through`;
      const shown = [evidence(`${INTERFACES}/${name}/uevent`, `${name} is a tunnel`)];
      return lossesOf(worst([interfaces.fateOf(name), tunnelFate(network, name)]), {
        kind: 'interface',
        item,
        subject,
        shown,
      });
    }
    const fate = interfaces.fateOf(name);
    if (own.length > 0) {
      const subject = `${own.length === 1 ? 'the address' : 'the addresses'} ${own.join(', ')} ${own.length === 1 ? 'is' : 'are'} on`;
      const shown = [evidence('proc/net/fib_trie, proc/net/if_inet6', `${name} has ${own.join(', ')}`)];
      return lossesOf(fate, { kind: 'address', item, subject, shown });
    }
    if (interfaces.kindOf(name) === 'plain') return [];
    return lossesOf(name === OPEN_VSWITCH ? switchFate(fate) : fate, {
      kind: 'interface',
      item,
      subject: 'the host uses',
      shown: [],
    });
  });
}

/** Those of which no file tells the interface, an item each. */
export function addressLosses({ addresses, fateOfAddress }: Network): readonly Loss[] {
  return addresses.flatMap(({ address, interfaceNames }): readonly Loss[] => {
    if (interfaceNames.length === 1) return [];
    const text = formatIpAddress(address);
    const shown = [evidence('proc/net/fib_trie', `the host has ${text}`)];
    const subject = `the address ${text} may be on`;
    return lossesOf(fateOfAddress(address), { kind: 'address', item: `address:${text}`, subject, shown });
  });
}

/** Where the other end is, only netlink tells: it may be beyond any route that leaves. */
function tunnelFate({ interfaces, routes4, routes6 }: Network, name: string): Fate {
  const used = [...routes4, ...routes6].map((route) => interfaces.fateOf(route.interfaceName));
  const leaving = used.find((fate) => fate.kind === 'leaves');
  if (leaving?.kind !== 'leaves') return STAYS;
  const why = 'where its other end is no file tells';
  return {
    kind: 'undecided',
    way: leaving.way,
    why,
    decidedBy: `wg show ${name} endpoints, or ip -d link show ${name}`,
  };
}

const OPEN_VSWITCH = 'ovs-system';

/** Ports of all bridges of Open vSwitch have this one master. */
function switchFate(fate: Fate): Fate {
  if (fate.kind === 'stays') return fate;
  const why = 'which bridges of Open vSwitch it is a port of no file tells';
  return { kind: 'undecided', way: fate.way, why, decidedBy: 'ovs-vsctl show' };
}
