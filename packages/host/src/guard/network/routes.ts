/**
 * @module The routes of the main tables, from /proc/net/route and /proc/net/ipv6_route.
 */
import type { Address } from './address.ts';

export interface Route {
  readonly destination: Address;
  /** Bits of the destination that count. */
  readonly length: number;
  readonly interfaceName: string;
  readonly metric: number;
  /** Whether packets go to a router first. */
  readonly hasGateway: boolean;
}

const UP = 0x1;
const GATEWAY = 0x2;
const REJECT = 0x200;
/** IPv6: addresses of the host itself. */
const LOCAL = 0x80000000;
const ANYCAST = 0x00100000;

/** Words: interface, destination, gateway, flags, references, use, metric, mask. */
export function parseRoutes4(text: string): readonly Route[] {
  return text.split('\n').flatMap((line): Route[] => {
    const [interfaceName, destination, , flags, , , metric, mask] = line.trim().split(/\s+/);
    if (interfaceName === undefined || !isWord(destination) || !isWord(mask)) return [];
    const bits = Number.parseInt(flags as string, 16);
    if ((bits & UP) === 0 || (bits & REJECT) !== 0) return [];
    return [
      {
        destination: { family: 4, value: littleEndian(destination) },
        length: ones(littleEndian(mask)),
        interfaceName,
        metric: Number(metric),
        hasGateway: (bits & GATEWAY) !== 0,
      },
    ];
  });
}

/** Words: destination, length, source, length, next hop, metric, references, use, flags, interface; all hexadecimal. */
export function parseRoutes6(text: string): readonly Route[] {
  return text.split('\n').flatMap((line): Route[] => {
    const [destination, length, , , , metric, , , flags, interfaceName] = line.trim().split(/\s+/);
    const bits = Number.parseInt(flags ?? '', 16);
    if (interfaceName === undefined || !/^[0-9a-f]{32}$/.test(destination ?? '')) return [];
    if ((bits & UP) === 0 || (bits & REJECT) !== 0 || (bits & (LOCAL | ANYCAST)) !== 0) return [];
    return [
      {
        destination: { family: 6, value: BigInt(`0x${destination}`) },
        length: Number.parseInt(length as string, 16),
        interfaceName,
        metric: Number.parseInt(metric as string, 16),
        hasGateway: (bits & GATEWAY) !== 0,
      },
    ];
  });
}

/** The routes that an address would take: longest destination, then smallest metric; all that are equally good. */
export function routesTo(routes: readonly Route[], to: Address): readonly Route[] {
  let best: Route[] = [];
  for (const route of routes) {
    if (!holds(route, to)) continue;
    const [first] = best;
    const order = first === undefined ? 1 : route.length - first.length || first.metric - route.metric;
    if (order > 0) best = [route];
    else if (order === 0) best.push(route);
  }
  return best;
}

export function holds({ destination, length }: Route, to: Address): boolean {
  if (destination.family !== to.family) return false;
  const shift = BigInt((to.family === 4 ? 32 : 128) - length);
  return destination.value >> shift === to.value >> shift;
}

export const isDefault = (route: Route): boolean => route.length === 0;

const isWord = (text: string | undefined): text is string => /^[0-9a-f]{8}$/i.test(text ?? '');

/** `0100A8C0` is 192.168.0.1: the kernel prints the word as the processor holds it. */
export function littleEndian(hex: string): bigint {
  return BigInt(`0x${(hex.padStart(8, '0').match(/../g) ?? []).reverse().join('')}`);
}

function ones(mask: bigint): number {
  return mask.toString(2).replaceAll('0', '').length;
}
