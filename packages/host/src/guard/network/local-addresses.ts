/**
 * @module The addresses that the host has, and on which interface: /proc/net/fib_trie, /proc/net/if_inet6.
 */
import { type Address, parseIpAddress } from './address.ts';
import { type Route, routesTo } from './routes.ts';

export interface LocalAddress {
  readonly address: Address;
  readonly interfaceName: string;
}

/**
 * The trie tells local addresses and not their interfaces: an address is on the interface through which its own network
 * is reached without a router. One that is in no such network (a /32 of a cloud) is left out.
 */
export function localAddresses4(trie: string, routes: readonly Route[]): readonly LocalAddress[] {
  const direct = routes.filter((route) => !route.hasGateway && route.length > 0);
  return hostAddresses(trie).flatMap((address): LocalAddress[] => {
    const [route] = routesTo(direct, address);
    return route === undefined ? [] : [{ address, interfaceName: route.interfaceName }];
  });
}

/** `|-- 192.168.1.5` and, among the lines after it, `/32 host LOCAL`; the tables main and local print the same ones. */
function hostAddresses(trie: string): readonly Address[] {
  const found = new Set<string>();
  let leaf = '';
  for (const line of trie.split('\n')) {
    leaf = /^\s*\|-- ([0-9.]+)\s*$/.exec(line)?.[1] ?? leaf;
    if (/^\s*\/32 host LOCAL\b/.test(line)) found.add(leaf);
  }
  return [...found].flatMap((text) => parseIpAddress(text) ?? []);
}

const GLOBAL_SCOPE = '00';

/** Words: address, index, length, scope, flags, interface. Link-local ones, which every interface has, are left out. */
export function localAddresses6(text: string): readonly LocalAddress[] {
  return text.split('\n').flatMap((line): LocalAddress[] => {
    const [address, , , scope, , interfaceName] = line.trim().split(/\s+/);
    if (interfaceName === undefined || scope !== GLOBAL_SCOPE || !/^[0-9a-f]{32}$/.test(address ?? '')) return [];
    return [{ address: { family: 6, value: BigInt(`0x${address}`) }, interfaceName }];
  });
}
