/**
 * @module Configuration space of a function, with the ids that the kernel keeps of it.
 */
import {
  type ConfigFacts,
  type ConfigSpace,
  decodeConfigSpace,
  diagnostic,
  type Fact,
  isUnknown,
  unknownConfigFacts,
} from '@isogroups/pci';
import { isReadFailure } from '../tree/machine-tree.ts';
import { type AttributeDirectory, type Reading, unreadable } from './attributes.ts';

export type Identity = ConfigFacts & { readonly config: ConfigSpace | undefined };

type IdFact = 'vendor' | 'device' | 'subsystemVendor' | 'subsystemDevice' | 'revision' | 'classCode';
type Ids = Partial<Record<IdFact, number>>;

const FILES: readonly (readonly [IdFact, string])[] = [
  ['vendor', 'vendor'],
  ['device', 'device'],
  ['subsystemVendor', 'subsystem_vendor'],
  ['subsystemDevice', 'subsystem_device'],
  ['revision', 'revision'],
  ['classCode', 'class'],
];

/**
 * The kernel's own ids win over those in configuration space: they are what it read when it found the function, and what
 * its quirks go by; and they tell the ids of virtual functions, whose registers read ffff. `place` is the function's
 * directory as people know it, `sys/bus/pci/devices/0000:00:1c.0`.
 */
export function readIdentity(
  reading: Reading,
  place: string,
  directory: AttributeDirectory,
  isVirtual: boolean,
): Identity {
  const { config, facts } = readConfig(reading, `${place}/config`, directory);
  const ids: Record<IdFact, Fact<number>> = { ...facts };
  const kernels = kernelIds(directory, facts);
  for (const [fact, file] of FILES) {
    const register = facts[fact];
    const id = kernels[fact];
    if (id === undefined) continue;
    // Bridges have their subsystem in a capability, virtual functions have no ids of their own.
    const comparable = !isVirtual && fact !== 'subsystemVendor' && fact !== 'subsystemDevice';
    if (comparable && !isUnknown(register) && register !== id) {
      const both = `${hex(id)} to the kernel and ${hex(register)} in configuration space`;
      reading.diagnostics.push(diagnostic('warning', `${place}/${file}`, `${both}; the kernel's is used`));
    }
    ids[fact] = id;
  }
  return { ...facts, ...ids, config };
}

const hex = (id: number): string => `0x${id.toString(16)}`;

function readConfig(
  reading: Reading,
  file: string,
  directory: AttributeDirectory,
): { config: ConfigSpace | undefined; facts: ConfigFacts } {
  const bytes = reading.tree.readBytes(`${directory.path}/config`);
  if (isReadFailure(bytes)) {
    reading.diagnostics.push(diagnostic('error', file, `${bytes.message}; all that it would tell is unknown`));
    return { config: undefined, facts: unknownConfigFacts(unreadable(reading, bytes)) };
  }
  const config: ConfigSpace = Object.freeze({ bytes, file });
  const { facts, diagnostics } = decodeConfigSpace(config);
  reading.diagnostics.push(...diagnostics);
  return { config, facts };
}

const MODALIAS =
  /^pci:v0000([0-9A-F]{4})d0000([0-9A-F]{4})sv0000([0-9A-F]{4})sd0000([0-9A-F]{4})bc([0-9A-F]{2})sc([0-9A-F]{2})i([0-9A-F]{2})$/;

/**
 * `modalias` has all ids but the revision in one file, where the others are five; opening files is most of the time. The
 * revision never differs from its register.
 */
function kernelIds(directory: AttributeDirectory, registers: ConfigFacts): Ids {
  const modalias = directory.text('modalias');
  const match = typeof modalias === 'string' ? MODALIAS.exec(modalias) : null;
  const ids: Ids = {};
  if (match !== null) {
    const [vendor, device, subsystemVendor, subsystemDevice, ...classParts] = match.slice(1);
    const fields = { vendor, device, subsystemVendor, subsystemDevice, classCode: classParts.join('') };
    for (const [fact, digits] of Object.entries(fields)) ids[fact as IdFact] = Number(`0x${digits}`);
  }
  for (const [fact, file] of FILES) {
    if (ids[fact] !== undefined || (fact === 'revision' && !isUnknown(registers.revision))) continue;
    const text = directory.text(file);
    if (typeof text === 'string' && /^0x[0-9a-f]{1,8}$/i.test(text)) ids[fact] = Number(text);
  }
  return ids;
}
