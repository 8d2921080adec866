/**
 * @module The members of a group as lines: address, indented below the bridge above it, name and driver.
 */
import { type Analysis, isUnknown, known, type PciFunction } from '@isogroups/pci';
import { className, deviceName, idPair, type Names } from '../../names.ts';
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { cut, visibleWidth } from '../../render/text.ts';
import { nameOf } from '../../sentences/party.ts';

export interface Members {
  readonly members: readonly number[];
}

export interface MemberTableOptions {
  readonly indent: number;
  /** Ports with nothing below them one by one too. */
  readonly all: boolean;
}

/** From here on there is room for the ids that kernel options want (`vfio-pci.ids=10de:2204`). */
const WIDE = 100;
const GAP = 2;

interface Row {
  readonly address: string;
  readonly name: string;
  /** The name of a bridge may be cut: nobody looks for it. */
  readonly isBridge: boolean;
  readonly ids: string;
  readonly driver: string;
}

/** Columns stand in line over all groups, so all are laid out before the first is printed. */
export function memberTables(
  analysis: Analysis,
  names: Names,
  style: Style,
  groups: readonly Members[],
  { indent, all }: MemberTableOptions,
): (group: Members) => string {
  const children = childDrivers(analysis);
  const rows = new Map(groups.map((g) => [g, memberRows(analysis, names, style, g, { all, children })]));
  const widest = (text: (row: Row) => string, most: number): number => {
    let width = 0;
    for (const some of rows.values()) for (const row of some) width = Math.max(width, visibleWidth(text(row)));
    return Math.min(most, width);
  };
  const isWide = style.width >= WIDE;
  const address = widest((row) => row.address, 24);
  const driver = widest((row) => row.driver, 24);
  const ids = isWide ? widest((row) => row.ids, 11) : 0;
  const name = Math.max(20, style.width - indent - address - driver - ids - GAP * (isWide ? 3 : 2));
  const columns = [
    { width: address },
    { fit: 'wrap', width: name } as const,
    ...(isWide ? [{ width: ids }] : []),
    { fit: 'wrap', width: driver } as const,
  ];
  return (group) => {
    const cells = (rows.get(group) ?? []).map((row) => [
      row.address,
      row.isBridge ? cut(row.name, name) : row.name,
      ...(isWide ? [row.ids] : []),
      row.driver,
    ]);
    return table(columns, cells, { width: style.width, indent, gap: GAP });
  };
}

function memberRows(
  analysis: Analysis,
  names: Names,
  style: Style,
  { members }: Members,
  { all, children }: { readonly all: boolean; readonly children: ReadonlyMap<number, readonly string[]> },
): readonly Row[] {
  const { machine, topology } = analysis;
  const inGroup = new Set(members);
  const left = all ? new Set<number>() : emptyPorts(analysis, members);
  const depth = new Map<number, number>();
  const rows: Row[] = [];
  for (const party of depthFirst(analysis, members)) {
    if (left.has(party)) continue;
    const f = machine.functions[party];
    if (f === undefined) {
      const other = machine.others[party - topology.count];
      // Shown with its parent's driver.
      if (other === undefined || (other.parent >= 0 && inGroup.has(other.parent))) continue;
      const name = other.subsystem === undefined ? 'no PCI device' : `device on bus ${other.subsystem}`;
      rows.push({ address: other.name, name, isBridge: false, ids: '', driver: driverText(other.driver) });
      continue;
    }
    const level = f.parent >= 0 && inGroup.has(f.parent) ? (depth.get(f.parent) ?? 0) + 1 : 0;
    depth.set(party, level);
    const twig = level === 0 ? '' : style.faint(`${' '.repeat(level - 1)}\`-`);
    rows.push({
      address: `${twig}${nameOf(analysis, party)}`,
      name: titleOf(names, f),
      isBridge: analysis.graph.parties.isBridge(party),
      ids: idPair(f),
      driver: [driverText(f.host.driver), ...(children.get(party) ?? [])].join(' > '),
    });
  }
  if (left.size > 0) {
    rows.push({
      address: '...',
      name: `${left.size} ports with nothing below them`,
      isBridge: true,
      ids: '',
      driver: '',
    });
  }
  return rows;
}

const FEW_PORTS = 3;

/** Bridges of the group that lead to no member of it, where they are many and would drown the devices. */
function emptyPorts({ graph, machine }: Analysis, members: readonly number[]): ReadonlySet<number> {
  const leads = new Set<number>();
  for (const party of members) {
    if (graph.parties.isBridge(party)) continue;
    for (let p = machine.functions[party]?.parent ?? -1; p >= 0; p = machine.functions[p]?.parent ?? -1) leads.add(p);
  }
  const empty = members.filter((party) => graph.parties.isBridge(party) && !leads.has(party));
  return new Set(empty.length <= FEW_PORTS || empty.length === members.length ? [] : empty);
}

/** Members with what is below a bridge right after it: tree order has whole busses first. */
function depthFirst({ machine }: Analysis, members: readonly number[]): readonly number[] {
  const inGroup = new Set(members);
  const below = new Map<number, number[]>();
  for (const party of members) {
    const parent = machine.functions[party]?.parent ?? -1;
    const key = inGroup.has(parent) ? parent : -1;
    const list = below.get(key);
    if (list === undefined) below.set(key, [party]);
    else list.push(party);
  }
  const ordered: number[] = [];
  const pending = [...(below.get(-1) ?? [])].reverse();
  for (let party = pending.pop(); party !== undefined; party = pending.pop()) {
    ordered.push(party);
    pending.push(...[...(below.get(party) ?? [])].reverse());
  }
  return ordered;
}

/** What pci.ids does not know says at least its class. */
function titleOf(names: Names, f: PciFunction): string {
  const name = deviceName(names, f);
  const vendor = known(f.vendor);
  const device = known(f.device);
  const isNamed = vendor !== undefined && device !== undefined && names.device(vendor, device) !== undefined;
  return isNamed || isUnknown(f.classCode) ? name : `${name} ${className(names, f)}`;
}

/** `virtio-pci` only carries the driver that does the work: drivers of the children of each function. */
function childDrivers({ machine }: Analysis): ReadonlyMap<number, readonly string[]> {
  const drivers = new Map<number, string[]>();
  for (const { parent, driver } of machine.others) {
    const name = known(driver);
    if (!name) continue;
    const list = drivers.get(parent);
    if (list === undefined) drivers.set(parent, [name]);
    else list.push(name);
  }
  return drivers;
}

function driverText(driver: PciFunction['host']['driver']): string {
  return isUnknown(driver) ? '?' : (driver ?? '-');
}
