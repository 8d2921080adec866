/**
 * @module What cannot be in a machine: root ports behind bridges, two devices on a link, names that are used twice.
 */
import { type BusKind, busBelow, ROLES_ON } from './bus-kind.ts';
import type {
  Description,
  FunctionDescription,
  FunctionOptions,
  IommuDescription,
  RootBusDescription,
  Slot,
} from './description.ts';
import { isController, KINDS, kindOf, type Role } from './kinds.ts';

export interface Fault {
  /** What it is about; undefined: the machine as a whole. */
  readonly at: FunctionDescription | RootBusDescription | undefined;
  readonly says: string;
}

/** The first fault; undefined for a machine that can be built, as far as bus numbers and addresses suffice. */
export function findFault(description: Description): Fault | undefined {
  const checking: Checking = { iommu: description.iommu.kind, names: new Set(), isUsed: () => false };
  const { roots } = description;
  if (roots.length === 0) return { at: undefined, says: 'the machine has no bus' };
  const busses = new Set<number>();
  for (const root of roots) {
    const key = root.segment * 256 + root.bus;
    if (!isWithin(root.segment, 0xffff) || !isWithin(root.bus, 0xff)) return { at: root, says: 'no such root bus' };
    if (busses.has(key)) return { at: root, says: 'this root bus has been named before' };
    busses.add(key);
    const bus = description.express ? 'root' : 'conventional';
    const fault = busFault(checking, root.slots, { bus, isRoot: true, isInDomain: false });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The first fault of a device that is to be put on a bus of a machine, some of whose names `isUsed`. */
export function findSlotFault(
  slot: Slot,
  where: Where,
  iommu: IommuDescription['kind'],
  isUsed: (name: string) => boolean,
): Fault | undefined {
  return busFault({ iommu, names: new Set(), isUsed }, [slot], where);
}

interface Checking {
  readonly iommu: IommuDescription['kind'];
  /** Those of the description, as far as it has been looked at. */
  readonly names: Set<string>;
  /** Those of the machine that it is for. */
  isUsed(name: string): boolean;
}

const isWithin = (value: number, most: number): boolean => Number.isInteger(value) && value >= 0 && value <= most;

const DEVICES_ON: Readonly<Record<BusKind, number>> = { root: 32, link: 1, switch: 32, conventional: 32 };

/** The bus that functions are to be on. */
export interface Where {
  readonly bus: BusKind;
  /** A root bus of the hardware. */
  readonly isRoot: boolean;
  /** Behind a VMD, where the firmware's tables can name nothing. */
  readonly isInDomain: boolean;
}

function busFault(checking: Checking, slots: readonly Slot[], where: Where): Fault | undefined {
  const { bus } = where;
  if (slots.length > DEVICES_ON[bus]) {
    const at = slots[DEVICES_ON[bus]]?.[0];
    return bus === 'link'
      ? { at, says: 'a PCI Express link leads to one device: functions of one device stand in { }' }
      : { at, says: `a bus has at most ${DEVICES_ON[bus]} devices` };
  }
  const taken = new Set<number>();
  for (const slot of slots) {
    const fault = slotFault(slot, bus, taken) ?? firstFault(slot, (f) => functionFault(checking, f, where));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function firstFault<T>(items: Iterable<T>, check: (item: T) => Fault | undefined): Fault | undefined {
  for (const item of items) {
    const fault = check(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Places that are asked for: one device a slot, nothing twice. */
function slotFault(slot: Slot, bus: BusKind, taken: Set<number>): Fault | undefined {
  const [first] = slot;
  if (first === undefined || slot.length > 8) return { at: slot[8], says: 'a device has one to eight functions' };
  const device = slot.find((f) => f.options.at !== undefined)?.options.at;
  for (const f of slot) {
    const { at } = f.options;
    if (at === undefined) continue;
    if (!isWithin(at, 0xff)) return { at: f, says: 'no such device and function number' };
    if (at >> 3 !== (device as number) >> 3) return { at: f, says: 'functions in { } have one device number' };
    if (bus === 'link' && at >> 3 !== 0) return { at: f, says: 'the device on a PCI Express link has number 0' };
    if (taken.has(at)) return { at: f, says: 'another function of the bus has this device and function number' };
    taken.add(at);
  }
  return undefined;
}

function functionFault(checking: Checking, f: FunctionDescription, where: Where): Fault | undefined {
  const kind = kindOf(f.kind);
  if (kind === undefined) return { at: f, says: `"${f.kind}" is none of ${KINDS.map((k) => k.word).join(', ')}` };
  const says =
    placeFault(kind.role, f, where) ??
    optionFault(f.options, kind.role, where, checking.iommu) ??
    nameFault(checking, f);
  if (says !== undefined) return { at: f, says };
  const below = busBelow(kind.role);
  if (below === undefined) {
    return f.below.length === 0 ? undefined : { at: f, says: `"${f.kind}" leads nowhere: it is no port and no bridge` };
  }
  const isInDomain = where.isInDomain || kind.role === 'vmd';
  return busFault(checking, f.below, { bus: below, isRoot: false, isInDomain });
}

const BUS_NAMES: Readonly<Record<BusKind, string>> = {
  root: 'a root bus',
  link: 'a PCI Express link',
  switch: 'the inside of a switch',
  conventional: 'a conventional bus',
};

function placeFault(role: Role, f: FunctionDescription, { bus, isRoot, isInDomain }: Where): string | undefined {
  const fits =
    role === 'endpoint' || ROLES_ON[bus].includes(role) || (isRoot && bus === 'conventional' && role === 'host-bridge');
  if (!fits) {
    const where = (Object.keys(ROLES_ON) as BusKind[])
      .filter((b) => ROLES_ON[b].includes(role))
      .map((b) => BUS_NAMES[b]);
    return `"${f.kind}" cannot be on ${BUS_NAMES[bus]}: it goes on ${where.join(' or ')}`;
  }
  if (role === 'vmd' && isInDomain) return 'there is no VMD behind a VMD';
  if (f.children.length > 0 && !isController(f.kind)) return `"${f.kind}" controls no bus of software devices`;
  return undefined;
}

const EXTENDED: readonly (keyof FunctionOptions)[] = ['acs', 'ats', 'pri', 'pasid', 'vfs', 'serial', 'ari'];

function optionFault(
  options: FunctionOptions,
  role: Role,
  { bus, isRoot, isInDomain }: Where,
  iommu: IommuDescription['kind'],
): string | undefined {
  const isPort = busBelow(role) !== undefined && role !== 'vmd';
  const isConventional = options.type === 'conventional' || (bus === 'conventional' && role !== 'reverse-bridge');
  const extended = EXTENDED.find((key) => options[key] !== undefined);
  if (isConventional && extended !== undefined) return `a conventional function has no "${extended}"`;
  if (options.vfs !== undefined && role !== 'endpoint') return 'only endpoints have virtual functions';
  if (options.ari !== undefined && role !== 'root-port' && role !== 'downstream-port') return '"ari" is for ports';
  if (options.spare !== undefined && !isPort) return '"spare" is for ports and bridges';
  if (options.unit !== undefined && !isRoot) return '"unit" is for functions on a root bus';
  if (options.unit !== undefined && iommu === 'none') return 'the machine has no IOMMU, so no "unit" either';
  if (options.rmrr === true && iommu === 'none') return 'the machine has no IOMMU, so no "rmrr" either';
  if (options.rmrr === true && isInDomain) return 'no table of the firmware can name what is behind a VMD';
  return undefined;
}

function nameFault({ names, isUsed }: Checking, { name, children }: FunctionDescription): string | undefined {
  for (const given of name === undefined ? children : [name, ...children]) {
    if (names.has(given) || isUsed(given)) return `the name "${given}" is used twice`;
    names.add(given);
  }
  return undefined;
}
