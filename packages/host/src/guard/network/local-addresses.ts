/**
 * @module The addresses that the host has, and on which interface: /proc/net/fib_trie, /proc/net/if_inet6.
 */
import { type Address, parseIpAddress } from './address.ts';
import { holds, isDefault, type Route } from './routes.ts';

export interface LocalAddress {
  readonly address: Address;
  /** It is on one of these; empty where nothing tells which. */
  readonly interfaceNames: readonly string[];
}

const LOOPBACK = 127n;

/**
 * The trie tells local addresses and not their interfaces: an address is on an interface through which its own network is
 * reached without a router, which may be more than one. One that is in no such network (a /32 of a cloud) may be anywhere.
 */
export function localAddresses4(trie: string, routes: readonly Route[]): readonly LocalAddress[] {
  return hostAddresses(trie)
    .filter(({ value }) => value >> 24n !== LOOPBACK)
    .map((address) => ({ address, interfaceNames: directInterfaces(routes, address) }));
}

function directInterfaces(routes: readonly Route[], to: Address): readonly string[] {
  const direct = routes.filter((route) => !route.hasGateway && !isDefault(route) && holds(route, to));
  return [...new Set(direct.map((route) => route.interfaceName))];
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
    return [{ address: { family: 6, value: BigInt(`0x${address}`) }, interfaceNames: [interfaceName] }];
  });
}

export function isOnlyOn({ interfaceNames }: LocalAddress, name: string): boolean {
  return interfaceNames.length === 1 && interfaceNames[0] === name;
}
