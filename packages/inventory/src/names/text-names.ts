/**
 * @module Names straight from the text of pci.ids: only the sections that are asked for are parsed.
 */
import { SAME } from './former-names.ts';
import type { Named, NameSource } from './name-index.ts';
import { type NameEntry, parsePciIds, pciIdsDate } from './pci-ids.ts';

const VENDOR_LINE = /^([0-9a-f]{4})[ \t]+(\S.*?)[ \t]*$/gim;
/** Where a section ends: the next line that is neither indented, nor a comment, nor empty. */
const NEXT_SECTION = /\n(?=[^\t#\r\n])/g;
const CLASSES = /^C [0-9a-f]{2}[ \t]/im;

/** `former` has the same form: names that the entries had in older lists. */
export function textNames(text: string, former: string = ''): NameSource {
  const sections = new Map<number, NameEntry | undefined>();
  const vendorEntry = (id: number): NameEntry | undefined => {
    if (!sections.has(id)) sections.set(id, readSection(text, id));
    return sections.get(id);
  };
  const deviceEntry = (vendor: number, device: number): NameEntry | undefined =>
    find(vendorEntry(vendor)?.below, device);

  let classes: readonly NameEntry[] | undefined;
  const baseClasses = (): readonly NameEntry[] => {
    if (classes === undefined) {
      const at = text.search(CLASSES);
      classes = at === -1 ? [] : parsePciIds(text.slice(at), 'pci.ids').classes;
    }
    return classes;
  };
  const baseClass = (number: number): NameEntry | undefined => find(baseClasses(), number);
  const subClass = (number: number): NameEntry | undefined => find(baseClass(number >> 8)?.below, number);

  return {
    date: pciIdsDate(text.slice(0, 4096)),
    vendor: (id) => vendorEntry(id)?.name,
    device: (vendor, device) => deviceEntry(vendor, device)?.name,
    subsystem: (vendor, device, subsystemVendor, subsystemDevice) =>
      find(deviceEntry(vendor, device)?.below, subsystemVendor * 0x10000 + subsystemDevice)?.name,
    className: (code) => (subClass(code >> 8) ?? baseClass(code >> 16))?.name,
    interfaceName: (code) => find(subClass(code >> 8)?.below, code)?.name,
    vendors: () => vendorLines(text),
    formerVendors: () => vendorLines(former).filter((v) => v.name !== SAME),
    formerDevices: (vendor) =>
      parsePciIds(former, 'pci.ids')
        .vendors.filter((v) => v.id === vendor)
        .flatMap((v) => v.below),
    devices: (vendor) => vendorEntry(vendor)?.below ?? [],
    subsystems: (vendor, device) => deviceEntry(vendor, device)?.below ?? [],
    subClasses: () => baseClasses().flatMap((c) => c.below),
  };
}

function vendorLines(text: string): Named[] {
  return [...text.matchAll(VENDOR_LINE)].map((m) => ({
    id: Number.parseInt(m[1] as string, 16),
    name: m[2] as string,
  }));
}

function find(entries: readonly NameEntry[] | undefined, id: number): NameEntry | undefined {
  return entries?.find((e) => e.id === id);
}

function readSection(text: string, vendor: number): NameEntry | undefined {
  const digits = vendor.toString(16).padStart(4, '0');
  const start = text.startsWith(`${digits} `) ? 0 : text.indexOf(`\n${digits} `) + 1;
  if (start === 0 && !text.startsWith(`${digits} `)) return undefined;
  NEXT_SECTION.lastIndex = start;
  const next = NEXT_SECTION.exec(text);
  return parsePciIds(text.slice(start, next === null ? text.length : next.index), 'pci.ids').vendors[0];
}
