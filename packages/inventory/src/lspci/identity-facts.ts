/**
 * @module Who a function is, from its heading and its `Subsystem:` line: ids, class, revision.
 */
import { type Fact, isUnknown, type PciFunction, type Unknown, unknown } from '@isogroups/pci';
import type { NameIndex } from '../names/name-index.ts';
import type { TextRecord } from './device-block.ts';
import type { Heading } from './heading.ts';
import { idsFromName, type VendorAndDevice } from './ids-from-names.ts';

export type IdentityFacts = Pick<
  PciFunction,
  'vendor' | 'device' | 'subsystemVendor' | 'subsystemDevice' | 'revision' | 'classCode'
>;

/** `verbose`: made with `-v` or more, when lspci prints the programming interface unless it is 0. */
export function identityFacts(
  heading: Heading,
  subsystem: TextRecord | undefined,
  verbose: boolean,
  names: NameIndex | undefined,
): IdentityFacts {
  const ids = heading.ids ?? (heading.cut ? CUT_IDS : idsFromName(heading.squeezedName, names));
  const board = subsystemIds(subsystem, heading, ids, names);
  return {
    ...ids,
    subsystemVendor: board.vendor,
    subsystemDevice: board.device,
    revision: heading.revision ?? (heading.cut ? CUT : 0),
    classCode: classCode(heading, verbose, names),
  };
}

const CUT = unknown('the text ends here', 'all of the text');
const CUT_IDS: VendorAndDevice = { vendor: CUT, device: CUT };
const WITH_NUMBERS = 'run lspci with -nn';
const NO_SUBSYSTEM = unknown('the text names no subsystem', 'run lspci with -vnn');

function subsystemIds(
  record: TextRecord | undefined,
  heading: Heading,
  device: VendorAndDevice,
  names: NameIndex | undefined,
): VendorAndDevice {
  if (record === undefined) return { vendor: NO_SUBSYSTEM, device: NO_SUBSYSTEM };
  const numbers = /(?:^|\[|device)([0-9a-f]{4}):([0-9a-f]{4})(?:\]|$)/i.exec(record.squeezed);
  if (numbers !== null) {
    return { vendor: Number.parseInt(numbers[1] as string, 16), device: Number.parseInt(numbers[2] as string, 16) };
  }
  if (record.cut) return CUT_IDS;
  const found = idsFromName(record.squeezed, names);
  if (!isUnknown(found.device) && /device[0-9a-f]{4}$/i.test(record.squeezed)) return found;
  return { vendor: found.vendor, device: boardId(record, heading, found.vendor, device, names) };
}

/** A subsystem's name is looked up below the device that it is on, not among the devices of its vendor. */
function boardId(
  record: TextRecord,
  heading: Heading,
  vendor: Fact<number>,
  device: VendorAndDevice,
  names: NameIndex | undefined,
): Fact<number> {
  // Where a board has no name lspci may print the device's own instead (it asks udev's database).
  const deviceName = heading.squeezedName;
  if (isUnknown(vendor) || isUnknown(device.vendor) || isUnknown(device.device) || names === undefined) {
    return unknown('the text has a name for the number', WITH_NUMBERS);
  }
  const vendorName = (names.vendor(vendor) ?? '').replaceAll(' ', '');
  const name = record.squeezed.slice(vendorName.length);
  if (name === '' || deviceName.endsWith(name)) return unknown('the text does not name the board', WITH_NUMBERS);
  const ids = names.subsystemIds(device.vendor, device.device, vendor, name);
  if (ids.length === 1) return ids[0] as number;
  return unknown(
    ids.length === 0 ? 'pci.ids has no board of that name' : `${ids.length} boards share that name in pci.ids`,
    WITH_NUMBERS,
    ids.length === 0 ? undefined : ids,
  );
}

function classCode(heading: Heading, verbose: boolean, names: NameIndex | undefined): Fact<number> {
  const numbers = heading.classNumber === undefined ? namedClass(heading, names) : [heading.classNumber];
  if (numbers.length === 0) return unknown('pci.ids has no class of that name', WITH_NUMBERS);
  const programming = heading.interface ?? (verbose && !heading.cut ? 0 : undefined);
  if (programming === undefined) {
    return withoutInterface(numbers);
  }
  const codes = numbers.map((n) => (n << 8) | programming);
  if (codes.length === 1) return codes[0] as number;
  return unknown(`${codes.length} classes share that name in pci.ids`, WITH_NUMBERS, codes);
}

/** The class codes with any programming interface at all: there are more in use than pci.ids names. */
function withoutInterface(classNumbers: readonly number[]): Unknown {
  const codes = classNumbers.flatMap((n) => Array.from({ length: 256 }, (_, i) => (n << 8) | i));
  return unknown('the text does not print the programming interface', 'run lspci with -v', codes);
}

function namedClass(heading: Heading, names: NameIndex | undefined): readonly number[] {
  const found = names?.classNumbers(heading.className) ?? [];
  if (found.length > 0) return found;
  const builtIn = BRIDGE_CLASSES[heading.className.toLowerCase()];
  return builtIn === undefined ? [] : [builtIn];
}

/** What the shape of the machine hangs on is known without pci.ids too. */
const BRIDGE_CLASSES: Readonly<Record<string, number>> = {
  hostbridge: 0x0600,
  pcibridge: 0x0604,
  cardbusbridge: 0x0607,
};
