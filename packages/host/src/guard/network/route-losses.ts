/**
 * @module The way out of the host: its default routes.
 */
import { type Fate, lossesOf, redundant } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import { type Network, ROUTES_4, ROUTES_6 } from './network-reading.ts';
import { isDefault, type Route } from './routes.ts';

export function routeLosses(network: Network, carries: (name: string) => boolean): readonly Loss[] {
  return [
    ...defaultRoute(network, network.routes4, ROUTES_4, 'default-route', 'the default route is on', carries),
    ...defaultRoute(network, network.routes6, ROUTES_6, 'default-route-ipv6', 'the IPv6 default route is on', carries),
  ];
}

/** A second default route, on an interface that stays and has a link, takes over. */
function defaultRoute(
  { interfaces }: Network,
  routes: readonly Route[],
  file: string,
  item: string,
  subject: string,
  carries: (name: string) => boolean,
): readonly Loss[] {
  const all = routes.filter(isDefault);
  const used = all.map((route) => ({ route, fate: interfaces.fateOf(route.interfaceName) }));
  const usable = used.filter(({ route, fate }) => fate.kind !== 'stays' || carries(route.interfaceName));
  const others = usable.filter(({ fate }) => fate.kind === 'stays').map(({ route }) => route.interfaceName);
  const fates: Fate[] = usable.map(({ fate }) => fate);
  const shown = all.map((r) => evidence(file, `default through ${r.interfaceName}, metric ${r.metric}`));
  const left = `another one leads through ${[...new Set(others)].join(', ')}`;
  return lossesOf(redundant(fates, fates.length - 1, left), { kind: 'default-route', item, subject, shown });
}
