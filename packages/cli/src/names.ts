/**
 * @module Names of devices for people: what pci.ids calls them, or their numbers where it does not know.
 */
import type { NameIndex } from '@isogroups/inventory';
import { isUnknown, known, type PciFunction } from '@isogroups/pci';

/** `device` is without the vendor's name; `className` takes the 24 bits of the class code. */
export type Names = Pick<NameIndex, 'vendor' | 'device' | 'className'>;

export const NO_NAMES: Names = Object.freeze({
  vendor: () => undefined,
  device: () => undefined,
  className: () => undefined,
});

const hex4 = (n: number): string => n.toString(16).padStart(4, '0');

/** `NVIDIA GA102 [GeForce RTX 3090]`, `Intel [8086:29c0]`, `unknown device`: vendor and device, as short as is clear. */
export function deviceName(names: Names, f: PciFunction): string {
  const vendor = known(f.vendor);
  const device = known(f.device);
  const vendorName = vendor === undefined ? undefined : names.vendor(vendor);
  const maker = vendorName === undefined ? '' : `${shortVendor(vendorName)} `;
  const name = vendor === undefined || device === undefined ? undefined : names.device(vendor, device);
  if (name !== undefined) return `${maker}${name}`;
  const { description } = f.host;
  if (description !== undefined) {
    const isLong = vendorName !== undefined && description.startsWith(`${vendorName} `);
    return isLong ? `${maker}${description.slice(vendorName.length + 1)}` : description;
  }
  return vendor === undefined || device === undefined ? 'unknown device' : `${maker}${idPair(f)}`;
}

/** `VGA compatible controller`, or `class 030000`. */
export function className(names: Names, f: PciFunction): string {
  if (isUnknown(f.classCode)) return 'unknown class';
  return names.className(f.classCode) ?? `class ${f.classCode.toString(16).padStart(6, '0')}`;
}

/** `[10de:2204]`, `[????:????]`. */
export function idPair(f: PciFunction): string {
  const part = (id: number | undefined): string => (id === undefined ? '????' : hex4(id));
  return `[${part(known(f.vendor))}:${part(known(f.device))}]`;
}

const LEGAL_FORM =
  /,? (?:Corporation|Corp|Incorporated|Inc|Co\.?,? Ltd|Co|Company|Limited|Ltd|GmbH|LLC|AG|SA|BV|Technologies|Technology|Semiconductor)(?=[.,]| |$).*$/i;
const BRACKETS = /\[([^\]]+)\]\s*$/;

/** `Intel Corporation` is Intel, `Advanced Micro Devices, Inc. [AMD/ATI]` is AMD/ATI. */
export function shortVendor(name: string): string {
  const brackets = BRACKETS.exec(name);
  if (brackets !== null) return brackets[1] as string;
  const short = name.replace(LEGAL_FORM, '');
  return short === '' ? name : short;
}
