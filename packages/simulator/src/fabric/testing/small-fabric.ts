/**
 * @module Small fabrics for tests, said as a tree: `fabricOf([rootPort('00:01.0', 'SV UF', [endpoint('01:00.0')])])`.
 */
import { acsBitNames, formatAddress, NOT_EXPRESS, PORT, parseAddress } from '@isogroups/pci';
import type { Fabric, FabricFunction } from '../fabric.ts';
import { layOut } from '../lay-out.ts';
import type { Hop, Outcome } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import { createRouter } from '../router.ts';
import type { Translation } from '../translation.ts';

export interface Node {
  readonly address: string;
  readonly type: number;
  /** Undefined: no capability. Otherwise the bits that are on, of all that there are. */
  readonly acs: string | undefined;
  readonly below: readonly Node[];
  readonly facts: Partial<FabricFunction>;
}

type Facts = Partial<FabricFunction>;

const node = (address: string, type: number, acs: string | undefined, below: readonly Node[], facts: Facts): Node => ({
  address,
  type,
  acs,
  below,
  facts,
});

export const rootPort = (address: string, acs: string | undefined, below: readonly Node[], facts: Facts = {}): Node =>
  node(address, PORT.root, acs, below, facts);
export const upstream = (address: string, below: readonly Node[]): Node =>
  node(address, PORT.upstream, undefined, below, {});
export const downstream = (address: string, acs: string | undefined, below: readonly Node[], facts: Facts = {}): Node =>
  node(address, PORT.downstream, acs, below, facts);
export const endpoint = (address: string, acs?: string, facts: Facts = {}): Node =>
  node(address, PORT.endpoint, acs, [], facts);
export const expressToPci = (address: string, below: readonly Node[]): Node =>
  node(address, PORT.expressToPci, undefined, below, { model: { ...PLAIN, ownership: 'secondary-bus' } });
export const conventionalBridge = (address: string, below: readonly Node[]): Node =>
  node(address, NOT_EXPRESS, undefined, below, { model: { ...PLAIN, ownership: 'own-id' } });
export const conventional = (address: string, facts: Facts = {}): Node =>
  node(address, NOT_EXPRESS, undefined, [], facts);

export const PLAIN: FabricFunction['model'] = {
  alsoSendsAs: [],
  sendsThrough: -1,
  vendor: undefined,
  ownership: 'passes',
};
const ALL_BITS = 0x7f;

function bits(names: string): number {
  const wanted = names.split(' ').filter((n) => n !== '');
  let mask = 0;
  for (let bit = 1; bit <= ALL_BITS; bit <<= 1) if (wanted.includes(acsBitNames(bit)[0] as string)) mask |= bit;
  return mask;
}

export function fabricOf(roots: readonly Node[], machine: Partial<Fabric> = {}): Fabric {
  const functions: FabricFunction[] = [];
  const bus = (nodes: readonly Node[], parent: number): void => {
    const placed = nodes.map((n) => {
      const place = parseAddress(n.address);
      if (place === undefined) throw new RangeError(`"${n.address}" is no PCI address`);
      return { n, i: functions.push(functionOf(n, place, parent)) - 1 };
    });
    for (const { n, i } of placed) if (n.below.length > 0) bus(n.below, i);
  };
  bus(roots, -1);
  return {
    functions: layOut(functions),
    conventionalRoots: false,
    doorbell: { first: 0xfee0_0000, last: 0xfeef_ffff },
    interruptsChecked: true,
    ...machine,
  };
}

function functionOf(n: Node, place: { segment: number; bus: number; devfn: number }, parent: number): FabricFunction {
  const busses = allBusses(n.below);
  return {
    ...place,
    name: formatAddress(place),
    parent,
    physicalFunction: -1,
    type: n.type,
    isBridge: n.below.length > 0,
    isHostBridge: false,
    multifunction: false,
    secondary: Math.min(...busses, 0xff),
    subordinate: Math.max(...busses, 0),
    ariForwarding: false,
    acs: n.acs === undefined ? undefined : { capability: ALL_BITS, control: bits(n.acs) },
    atsEnabled: false,
    busMaster: true,
    memory: [],
    windows: [],
    model: PLAIN,
    ...n.facts,
  };
}

function allBusses(nodes: readonly Node[]): readonly number[] {
  return nodes.flatMap((n) => [parseAddress(n.address)?.bus ?? 0, ...allBusses(n.below)]);
}

/** Lets nothing through: what gets somewhere did so without an IOMMU. */
export const CLOSED: Translation = { translate: () => -2 };
/** Every address is what it says. */
export const OPEN: Translation = { translate: (_, address) => address };

export interface Shot {
  readonly outcome: Outcome;
  readonly path: readonly Hop[];
  /** `0000:02:00.0`, `memory 0x1000`, `source-validation at 0000:00:01.0`. */
  readonly ends: string;
}

export type Aim = Partial<Omit<Packet, 'kind' | 'origin'>> & {
  readonly kind?: Packet['kind'];
  readonly from: string;
  readonly to?: string;
  readonly address?: number;
  readonly as?: string;
  readonly translated?: boolean;
};

/** Sends one packet, between functions named `01:00.0`. */
export function shoot(fabric: Fabric, aim: Aim, translation: Translation = CLOSED, only?: number): Shot {
  const index = (name: string): number => {
    const i = fabric.functions.findIndex((f) => f.name === `0000:${name}`);
    if (i < 0) throw new RangeError(`there is no ${name}`);
    return i;
  };
  const origin = index(aim.from);
  const sender = fabric.functions[origin] as FabricFunction;
  const forged = aim.as === undefined ? undefined : parseAddress(aim.as);
  const id = forged ?? sender;
  const requester = (id.bus << 8) | id.devfn;
  const to = aim.to === undefined ? -1 : index(aim.to);
  const path: Hop[] = [];
  const packet: Packet =
    aim.kind === 'completion'
      ? { kind: 'completion', origin, requester, destination: to }
      : {
          kind: aim.kind ?? 'write',
          origin,
          requester,
          address: aim.address ?? fabric.functions[to]?.memory[0]?.first ?? 0,
          translated: aim.translated ?? false,
        };
  const outcome = createRouter(fabric, translation).route(packet, path, only);
  return { outcome, path, ends: endOf(fabric, outcome) };
}

function endOf({ functions }: Fabric, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'function':
      return (functions[outcome.function] as FabricFunction).name;
    case 'memory':
      return `memory 0x${outcome.address.toString(16)}`;
    case 'interrupt':
      return 'interrupt';
    case 'stopped':
      return outcome.at < 0 ? outcome.reason : `${outcome.reason} at ${(functions[outcome.at] as FabricFunction).name}`;
  }
}
