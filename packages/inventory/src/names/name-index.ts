/**
 * @module The port behind which names of PCI devices are found, by id and back.
 */

/** Names as in pci.ids. What is not listed is `undefined`, never a number in disguise. */
export interface NameIndex {
  /** Day of the pci.ids that it was made from, `2026-10-24`; empty where the file does not say. */
  readonly date: string;
  /** `Intel Corporation` */
  vendor(id: number): string | undefined;
  /** `Comet Lake PCH SMBus`, without the vendor's name. */
  device(vendor: number, device: number): string | undefined;
  /** The board that a device is on. Few are listed; lspci falls back to the vendor's name and the number. */
  subsystem(vendor: number, device: number, subsystemVendor: number, subsystemDevice: number): string | undefined;
  /** Name of the sub class of a 24-bit class code (`PCI bridge`), else of its base class (`Bridge`). */
  className(classCode: number): string | undefined;
  /** Name of the programming interface: `XHCI`, `Subtractive decode`. */
  interfaceName(classCode: number): string | undefined;

  /** Ids of the vendors that have or had that name, ascending: some have several. */
  vendorIds(name: string): readonly number[];
  /**
   * Ids of a vendor's devices that have or had that name, ascending: often several. A text keeps the names of the day it
   * was made on, and since then a name may have gone over to another device.
   */
  deviceIds(vendor: number, name: string): readonly number[];
  /** Subsystem device ids of that name on one device. */
  subsystemIds(vendor: number, device: number, subsystemVendor: number, name: string): readonly number[];
  /** 16-bit class numbers (base class, sub class) of the sub classes of that name. */
  classNumbers(name: string): readonly number[];
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** What a source of names offers by itself; `nameIndex` adds the way back from names to ids. */
export interface NameSource
  extends Pick<NameIndex, 'date' | 'vendor' | 'device' | 'subsystem' | 'className' | 'interfaceName'> {
  vendors(): readonly Named[];
  devices(vendor: number): readonly Named[];
  /** Names that the vendors and devices of the list had in older ones. */
  formerVendors(): readonly Named[];
  formerDevices(vendor: number): readonly Named[];
  /** `id` is the subsystem vendor in the upper 16 bits and the subsystem device in the lower. */
  subsystems(vendor: number, device: number): readonly Named[];
  /** Sub classes by their 16-bit class number. */
  subClasses(): readonly Named[];
}

/**
 * Spelling under which names are compared: without white space and case, because a text that was wrapped by a mail
 * program has lost some of the one, and lists of different years differ in the other.
 */
export function foldName(name: string): string {
  return name.replaceAll(' ', '').toLowerCase();
}

const NONE: readonly number[] = Object.freeze([]);

export function nameIndex(source: NameSource): NameIndex {
  const byName = new Map<string, ReadonlyMap<string, readonly number[]>>();
  /** Ids by folded name of one list, made when it is first asked for. */
  const idsOf = (list: string, entries: () => readonly Named[], name: string): readonly number[] => {
    let ids = byName.get(list);
    if (ids === undefined) {
      ids = groupByName(entries());
      byName.set(list, ids);
    }
    return ids.get(foldName(name)) ?? NONE;
  };
  return {
    date: source.date,
    vendor: (id) => source.vendor(id),
    device: (vendor, device) => source.device(vendor, device),
    subsystem: (v, d, subsystemVendor, subsystemDevice) => source.subsystem(v, d, subsystemVendor, subsystemDevice),
    className: (classCode) => source.className(classCode),
    interfaceName: (classCode) => source.interfaceName(classCode),
    vendorIds: (name) => idsOf('vendors', () => [...source.vendors(), ...source.formerVendors()], name),
    deviceIds: (vendor, name) =>
      idsOf(`devices of ${vendor}`, () => [...source.devices(vendor), ...source.formerDevices(vendor)], name),
    subsystemIds: (vendor, device, subsystemVendor, name) =>
      idsOf(`subsystems of ${vendor}:${device}`, () => source.subsystems(vendor, device), name)
        .filter((id) => id >>> 16 === subsystemVendor)
        .map((id) => id & 0xffff),
    classNumbers: (name) => idsOf('classes', () => source.subClasses(), name),
  };
}

function groupByName(entries: readonly Named[]): ReadonlyMap<string, readonly number[]> {
  // Folded in one go: Intel alone has ten thousand devices.
  const folded = foldName(entries.map((e) => e.name).join('\n')).split('\n');
  const groups = new Map<string, number[]>();
  entries.forEach(({ id }, i) => {
    const key = folded[i] as string;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else if (!group.includes(id)) group.push(id);
  });
  for (const group of groups.values()) group.sort((a, b) => a - b);
  return groups;
}
