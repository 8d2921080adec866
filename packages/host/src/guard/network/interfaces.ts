/**
 * @module What becomes of each network interface when functions leave: bonds, bridges, VLANs and whatever lies on others.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { namesAt, targetOf, textAt } from '../../files.ts';
import { type Fate, onTop, redundant, STAYS, worst } from '../fate.ts';
import type { Leaving } from '../leaving.ts';
import { evidence } from '../loss.ts';
import { hasCarrier, INTERFACES } from './interface-files.ts';
import { isPpp, pppoeLinks, tellsLink } from './tunnels.ts';

export interface Interfaces {
  readonly names: readonly string[];
  fateOf(name: string): Fate;
  /** What the interface is made of: names of those below it. */
  below(name: string): readonly string[];
  kindOf(name: string): InterfaceKind;
}

/**
 * `plain`: hardware, or something that stands alone. `stacked`: a VLAN, macvlan, VRF and the like: it needs what is below.
 * `ppp`: PPP that perhaps lies on what is below.
 */
type InterfaceKind = 'plain' | 'bond' | 'bridge' | 'ppp' | 'stacked';

export function readInterfaces(tree: MachineTree, leaving: Leaving): Interfaces | ReadFailure {
  const listed = tree.list(INTERFACES);
  if (isReadFailure(listed)) return listed;
  // `bonding_masters` is a file among them.
  const names = listed.filter((name) => targetOf(tree, INTERFACES, name) !== undefined);
  const known = new Map<string, Fate>();
  const below = lowerOf(tree, names);
  let sure: boolean | undefined;
  const kindOf = (name: string): InterfaceKind => {
    if (!isPpp(tree, name)) return kindAt(tree, name, below(name));
    // A session of PPPoE does not tell its interface: sure is only what all of them, one for each, lie on.
    sure ??= below(name).length === 1 && pppoeLinks(tree).length === names.filter((n) => isPpp(tree, n)).length;
    return sure ? 'stacked' : 'ppp';
  };
  const fateOf = (name: string): Fate => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, STAYS);
    const own = leaving.deviceOf(targetOf(tree, INTERFACES, name) ?? '');
    const fate = own === undefined ? madeOf(name) : hardware(name, own);
    known.set(name, fate);
    return fate;
  };
  const madeOf = (name: string): Fate => {
    const kind = kindOf(name);
    const title = kind === 'bond' || kind === 'bridge' ? `${kind} ${name}` : name;
    const parts = below(name).map((lower) => ({
      lower,
      fate: onTop(fateOf(lower), title, evidence(`${INTERFACES}/${name}`, `${name} lies on ${lower}`)),
    }));
    if (kind === 'stacked') return worst(parts.map((part) => part.fate));
    if (kind === 'ppp') return perhaps(name, worst(parts.map((part) => part.fate)));
    // Ports without hardware behind them (guests' taps) lead nowhere.
    const ways = kind === 'bridge' ? parts.filter((part) => reachesHardware(tree, part.lower, below)) : parts;
    const up = ways.filter((part) => part.fate.kind !== 'stays' || hasCarrier(tree, part.lower));
    return redundant(
      up.map((part) => part.fate),
      up.length - 1,
      staying(up.filter((part) => part.fate.kind === 'stays').map((part) => part.lower)),
    );
  };
  return { names, fateOf, below, kindOf };
}

function perhaps(name: string, fate: Fate): Fate {
  if (fate.kind === 'stays') return fate;
  const why = `whether ${name} is a session of PPPoE there no file tells`;
  return { kind: 'undecided', way: fate.way, why, decidedBy: 'the configuration of pppd' };
}

function hardware(name: string, device: string): Fate {
  const shown = evidence(`${INTERFACES}/${name}`, `${name} is the interface of ${device}`);
  return { kind: 'leaves', way: { device, via: [name], evidence: [shown] } };
}

/** Links `lower_eth0`; for a tunnel that is tied to an interface, which has no such link, the index in `iflink`. */
function lowerOf(tree: MachineTree, names: readonly string[]): (name: string) => readonly string[] {
  let byIndex: ReadonlyMap<string, string> | undefined;
  let sessions: readonly string[] | undefined;
  return (name) => {
    const entries = namesAt(tree, `${INTERFACES}/${name}`);
    const links = entries.filter((entry) => entry.startsWith('lower_')).map((entry) => entry.slice('lower_'.length));
    if (links.length > 0) return links;
    if (isPpp(tree, name)) {
      sessions ??= pppoeLinks(tree);
      return [...new Set(sessions)];
    }
    const index = textAt(tree, `${INTERFACES}/${name}/ifindex`);
    const under = textAt(tree, `${INTERFACES}/${name}/iflink`);
    if (under === undefined || under === '0' || under === index || !tellsLink(tree, name)) return [];
    byIndex ??= new Map(names.map((other) => [textAt(tree, `${INTERFACES}/${other}/ifindex`) ?? '', other]));
    const lower = byIndex.get(under);
    return lower === undefined ? [] : [lower];
  };
}

function kindAt(tree: MachineTree, name: string, below: readonly string[]): InterfaceKind {
  const entries = namesAt(tree, `${INTERFACES}/${name}`);
  if (entries.includes('bonding') || entries.includes('team')) return 'bond';
  if (entries.includes('bridge')) return 'bridge';
  return below.length > 0 ? 'stacked' : 'plain';
}

function reachesHardware(tree: MachineTree, name: string, below: (name: string) => readonly string[]): boolean {
  const seen = new Set<string>([name]);
  for (const one of seen) {
    if (namesAt(tree, `${INTERFACES}/${one}`).includes('device')) return true;
    for (const lower of below(one)) seen.add(lower);
  }
  return false;
}

function staying(names: readonly string[]): string {
  return `${names.join(', ')} ${names.length === 1 ? 'stays, and has a link' : 'stay, and have a link'}`;
}
