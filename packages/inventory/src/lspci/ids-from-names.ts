/**
 * @module From the names that lspci prints back to the numbers that it looked them up by.
 */
import { type Fact, unknown } from '@isogroups/pci';
import type { NameIndex } from '../names/name-index.ts';

export interface VendorAndDevice {
  readonly vendor: Fact<number>;
  readonly device: Fact<number>;
}

const DECIDED_BY = 'run lspci with -nn';

/** `Device 4601`, in old versions `Unknown device 4601`, behind the vendor's name (without white space). */
const NUMBER = /(?:unknown)?device([0-9a-f]{4})$/i;

/**
 * Vendor and device of `IntelCorporationSunrisePoint-HSATA` (names without white space). Nothing separates the two
 * names: the longest vendor's name that leaves a name of one of its devices is it. Several devices share one name often;
 * then the device is unknown, its candidates are not.
 */
export function idsFromName(name: string, names: NameIndex | undefined): VendorAndDevice {
  if (name === '') return both('the text does not name the device');
  const number = NUMBER.exec(name);
  const device = number === null ? undefined : Number.parseInt(number[1] as string, 16);
  const vendorName = number === null ? name : name.slice(0, number.index).replace(/:$/, '');
  if (names === undefined) {
    return { vendor: nameless(), device: device ?? nameless() };
  }
  if (device !== undefined) return { vendor: oneOf(names.vendorIds(vendorName), 'vendors'), device };

  let vendors: readonly number[] = [];
  for (let length = Math.min(name.length, LONGEST_VENDOR); length > 0; length--) {
    const found = names.vendorIds(name.slice(0, length));
    if (found.length === 0) continue;
    if (vendors.length === 0) vendors = found;
    const rest = name.slice(length);
    const pairs = found.flatMap((v) => names.deviceIds(v, rest).map((d) => ({ v, d })));
    if (pairs.length === 0) continue;
    return {
      vendor: oneOf([...new Set(pairs.map((p) => p.v))], 'vendors'),
      device: oneOf([...new Set(pairs.map((p) => p.d))], 'devices'),
    };
  }
  return { vendor: oneOf(vendors, 'vendors'), device: unknown('pci.ids has no device of that name', DECIDED_BY) };
}

/** The longest in pci.ids has about 90 characters. */
const LONGEST_VENDOR = 128;

function oneOf(ids: readonly number[], what: string): Fact<number> {
  if (ids.length === 1) return ids[0] as number;
  if (ids.length === 0) return unknown(`pci.ids has no ${what.slice(0, -1)} of that name`, DECIDED_BY);
  return unknown(`${ids.length} ${what} share that name in pci.ids`, DECIDED_BY, ids);
}

function nameless(): Fact<number> {
  return unknown('the text has names for numbers, and no pci.ids is at hand', DECIDED_BY);
}

function both(why: string): VendorAndDevice {
  const fact = unknown(why, DECIDED_BY);
  return { vendor: fact, device: fact };
}
