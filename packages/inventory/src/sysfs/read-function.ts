/**
 * @module One PCI function from its directory in sysfs.
 */
import { diagnostic, type HostFacts, known, type LooseFunction, parseAddress, unknown } from '@isogroups/pci';
import { isReadFailure } from '../tree/machine-tree.ts';
import { type AttributeDirectory, lastPart, mapText, openDirectory, type Reading } from './attributes.ts';
import { joinLink, placeOf } from './device-path.ts';
import { readIdentity } from './read-identity.ts';

/** `undefined` (and a diagnostic) where the name is no PCI address. The directory is returned for its children. */
export function readFunction(
  reading: Reading,
  name: string,
): { loose: LooseFunction; directory: AttributeDirectory } | undefined {
  const address = parseAddress(name);
  if (address === undefined) {
    reading.diagnostics.push(diagnostic('warning', `${DEVICES}/${name}`, 'not a PCI address; left out'));
    return undefined;
  }
  const path = realPath(reading, name);
  // `subsystem` and `vendor` are in the directory of every PCI function.
  const directory = openDirectory(reading, path ?? `${DEVICES}/${name}`, 'vendor', 'subsystem');
  const physicalFunction = known(directory.linkName('physfn')) ?? null;
  const place = path === undefined ? { parentAddress: null, dmaDeviceAddress: null } : placeOf(path);
  return {
    directory,
    loose: {
      ...address,
      ...readIdentity(reading, `${DEVICES}/${name}`, directory, physicalFunction !== null),
      parentAddress: place.parentAddress,
      physicalFunctionAddress: physicalFunction,
      dmaDeviceAddress: place.dmaDeviceAddress,
      host: hostFacts(path, directory, reading.overrides),
    },
  };
}

export const DEVICES = 'sys/bus/pci/devices';

/** Where the link in /sys/bus/pci/devices leads; `undefined` where it is no link, as in a copy that followed links. */
function realPath(reading: Reading, name: string): string | undefined {
  const target = reading.tree.readLink(`${DEVICES}/${name}`);
  const path = isReadFailure(target) ? undefined : joinLink(DEVICES, target);
  if (path !== undefined && lastPart(path) === name) return path;
  const what = isReadFailure(target) ? target.message : `leads to ${JSON.stringify(target)}`;
  const message = `${what}; what is above ${name} is taken from the bus numbers of the bridges`;
  reading.diagnostics.push(diagnostic('warning', `${DEVICES}/${name}`, message));
  return undefined;
}

const NOT_ASKED = unknown(
  'driver_override was not read, because its reading waits for whatever a driver does with the device',
  'isogroups show reads it',
);

function hostFacts(path: string | undefined, directory: AttributeDirectory, overrides: boolean): HostFacts {
  const override = overrides ? directory.text('driver_override') : NOT_ASKED;
  return Object.freeze({
    path,
    driver: directory.linkName('driver'),
    driverOverride: mapText(override, (text) => (text === '' || text === '(null)' ? null : text)),
    group: mapText(directory.linkName('iommu_group'), parseGroup),
    iommu: directory.linkName('iommu'),
    // -1: the firmware did not say.
    numaNode: mapText(directory.text('numa_node'), (text) => (/^\d+$/.test(text) ? Number(text) : null)),
    resetMethods: mapText(directory.text('reset_method'), (text) => text.split(/\s+/).filter((word) => word !== '')),
    bootVga: mapText(directory.text('boot_vga'), (text) => text === '1'),
    description: undefined,
  });
}

export function parseGroup(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
