/**
 * @module The network of the machine, read once for all the rules about it.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { textAt, textOrNone } from '../../files.ts';
import { type Fate, STAYS, worst } from '../fate.ts';
import type { Leaving } from '../leaving.ts';
import { type Address, formatIpAddress } from './address.ts';
import { type Interfaces, readInterfaces } from './interfaces.ts';
import { type LocalAddress, localAddresses4, localAddresses6 } from './local-addresses.ts';
import { parseRoutes4, parseRoutes6, type Route, routesTo } from './routes.ts';

export const ROUTES_4 = 'proc/net/route';
export const ROUTES_6 = 'proc/net/ipv6_route';
const TRIE = 'proc/net/fib_trie';
const ADDRESSES_6 = 'proc/net/if_inet6';

export interface Network {
  readonly interfaces: Interfaces;
  /** Of the main tables; other tables (policy routing) are in no file. */
  readonly routes4: readonly Route[];
  readonly routes6: readonly Route[];
  readonly addresses: readonly LocalAddress[];
  /** Of the way to a peer; undefined where no route leads there. */
  fateOfRoute(to: Address): Fate | undefined;
  /** Of an address of the host; what is on no interface that is known may be on any. */
  fateOfAddress(own: Address): Fate;
}

/** @returns a failure, and of which file, where interfaces or routes cannot be read. IPv6 may be switched off. */
export function readNetwork(
  tree: MachineTree,
  leaving: Leaving,
): Network | { readonly file: string; readonly failure: ReadFailure } {
  const interfaces = readInterfaces(tree, leaving);
  if (isReadFailure(interfaces)) return { file: 'sys/class/net', failure: interfaces };
  const four = textOrNone(tree, ROUTES_4);
  if (isReadFailure(four)) return { file: ROUTES_4, failure: four };
  const routes4 = parseRoutes4(four ?? '');
  const routes6 = parseRoutes6(textAt(tree, ROUTES_6) ?? '');
  const addresses = [
    ...localAddresses4(textAt(tree, TRIE) ?? '', routes4),
    ...localAddresses6(textAt(tree, ADDRESSES_6) ?? ''),
  ];
  return {
    interfaces,
    routes4,
    routes6,
    addresses,
    fateOfRoute(to) {
      const taken = routesTo(to.family === 4 ? routes4 : routes6, to);
      return taken.length === 0 ? undefined : worst(taken.map((route) => interfaces.fateOf(route.interfaceName)));
    },
    fateOfAddress(own) {
      if (isUnattached(own)) return STAYS;
      const found = addresses.find(({ address }) => address.family === own.family && address.value === own.value);
      return addressFate(interfaces, { address: own, interfaceNames: found?.interfaceNames ?? [] });
    },
  };
}

/** Of the loopback, and link-local ones, which every interface has: the route to the peer tells more. */
function isUnattached({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n || value >> 118n === 0x3fan;
}

function addressFate(interfaces: Interfaces, { address, interfaceNames }: LocalAddress): Fate {
  const fates = (interfaceNames.length > 0 ? interfaceNames : interfaces.names).map(interfaces.fateOf);
  const fate = worst(fates);
  if (fate.kind === 'stays' || interfaceNames.length === 1) return fate;
  if (interfaceNames.length > 0 && fates.every(({ kind }) => kind === 'leaves')) return fate;
  const why = `on which interface ${formatIpAddress(address)} is no file tells`;
  return { kind: 'undecided', way: fate.way, why, decidedBy: 'ip -br address' };
}
