/**
 * @module The order in which a machine's functions are listed: whole busses before what is below them.
 */
import { formatAddress } from '@isogroups/pci';
import type { LiveFunction } from './live-device.ts';

export interface LiveRoot {
  readonly segment: number;
  readonly bus: number;
  /** By device and function number, virtual ones with them. */
  readonly functions: LiveFunction[];
}

/** `0000:40` */
export function busName({ segment, bus }: Pick<LiveRoot, 'segment' | 'bus'>): string {
  return formatAddress({ segment, bus, devfn: 0 }).replace(/:00\.0$/, '');
}

/** As `Machine.functions` has them; the domains of VMDs follow the hardware's root busses. */
export function treeOrder(roots: readonly LiveRoot[]): readonly LiveFunction[] {
  const ordered: LiveFunction[] = [];
  for (const { functions } of allRoots(roots)) ordered.push(...walk(functions));
  return ordered;
}

/** The root busses of the hardware, then those of VMD domains. */
export function allRoots(roots: readonly LiveRoot[]): readonly LiveRoot[] {
  const domains = roots.flatMap((root) => walk(root.functions).filter(isVmd)).map(domainOf);
  return [...roots, ...domains.filter((root) => root.functions.length > 0)];
}

const isVmd = (f: LiveFunction): boolean => f.leadsTo === 'root';

function domainOf(vmd: LiveFunction): LiveRoot {
  const [first] = vmd.below;
  return { segment: first?.address.segment ?? 0, bus: first?.address.bus ?? 0, functions: vmd.below };
}

/** All functions of a bus and then, bridge by bridge, what is below. */
function walk(bus: readonly LiveFunction[]): LiveFunction[] {
  const ordered: LiveFunction[] = [];
  const pending: (readonly LiveFunction[])[] = [bus];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    ordered.push(...next);
    for (let i = next.length - 1; i >= 0; i--) {
      const f = next[i] as LiveFunction;
      if (!isVmd(f) && f.below.length > 0) pending.push(f.below);
    }
  }
  return ordered;
}
