/**
 * @module The ways out of the host: its default routes, and those to single networks.
 */
import { lossesOf, redundant } from '../fate.ts';
import { evidence, type Loss, type LossKind } from '../loss.ts';
import { formatIpAddress } from './address.ts';
import { isOnlyOn } from './local-addresses.ts';
import { type Network, ROUTES_4, ROUTES_6 } from './network-reading.ts';
import { holds, isDefault, type Route } from './routes.ts';

export function routeLosses(network: Network, carries: (name: string) => boolean): readonly Loss[] {
  return [
    ...defaultRoute(network, network.routes4, ROUTES_4, 'default-route', 'the default route is on', carries),
    ...defaultRoute(network, network.routes6, ROUTES_6, 'default-route-ipv6', 'the IPv6 default route is on', carries),
    ...networkRoutes(network, network.routes4, ROUTES_4, carries),
    ...networkRoutes(network, network.routes6, ROUTES_6, carries),
  ];
}

function defaultRoute(
  network: Network,
  routes: readonly Route[],
  file: string,
  item: string,
  subject: string,
  carries: (name: string) => boolean,
): readonly Loss[] {
  const all = routes.filter(isDefault);
  return lostRoute(network, all, { file, kind: 'default-route', item, subject, called: 'default' }, carries);
}

/** An item for each destination. The network that an address of the interface is in goes with the address. */
function networkRoutes(
  network: Network,
  routes: readonly Route[],
  file: string,
  carries: (name: string) => boolean,
): readonly Loss[] {
  const byDestination = new Map<string, Route[]>();
  for (const route of routes) {
    if (isDefault(route) || isOfLink(route) || isToldByAddress(network, route)) continue;
    const called = `${formatIpAddress(route.destination)}/${route.length}`;
    byDestination.set(called, [...(byDestination.get(called) ?? []), route]);
  }
  return Array.from(byDestination, ([called, all]) => {
    const title = {
      file,
      kind: 'route',
      item: `route:${called}`,
      subject: `the route to ${called} is on`,
      called,
    } as const;
    return lostRoute(network, all, title, carries);
  }).flat();
}

interface RouteTitle {
  readonly file: string;
  readonly kind: LossKind;
  readonly item: string;
  readonly subject: string;
  readonly called: string;
}

/** A second route to the same destination, on an interface that stays and has a link, takes over. */
function lostRoute(
  { interfaces }: Network,
  all: readonly Route[],
  { file, kind, item, subject, called }: RouteTitle,
  carries: (name: string) => boolean,
): readonly Loss[] {
  const used = all.map((route) => ({ route, fate: interfaces.fateOf(route.interfaceName) }));
  const usable = used.filter(({ route, fate }) => fate.kind !== 'stays' || carries(route.interfaceName));
  const others = usable.filter(({ fate }) => fate.kind === 'stays').map(({ route }) => route.interfaceName);
  const fates = usable.map(({ fate }) => fate);
  const shown = all.map((r) => evidence(file, `${called} through ${r.interfaceName}, metric ${r.metric}`));
  const left = `another one leads through ${[...new Set(others)].join(', ')}`;
  return lossesOf(redundant(fates, fates.length - 1, left), { kind, item, subject, shown });
}

function isToldByAddress({ addresses }: Network, route: Route): boolean {
  return !route.hasGateway && addresses.some((a) => isOnlyOn(a, route.interfaceName) && holds(route, a.address));
}

/** IPv6 link-local and multicast: every interface has them. */
function isOfLink({ destination: { family, value } }: Route): boolean {
  return family === 6 && (value >> 118n === 0x3fan || value >> 120n === 0xffn);
}
