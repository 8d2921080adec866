/**
 * @module What the next start needs: the root and resume devices that the loader names, and the partition that the
 * firmware loads from.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import type { FileSystems } from './file-systems.ts';
import { udevRecords } from './references.ts';

const COMMAND_LINE = 'proc/cmdline';
const VARIABLES = 'sys/firmware/efi/efivars';

export function bootLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  return [...commandLineLosses(tree, systems), ...loaderLosses(tree, systems)];
}

function commandLineLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  const words = (textAt(tree, COMMAND_LINE) ?? '').split(/\s+/);
  return words.flatMap((word): readonly Loss[] => {
    const parameter = /^(root|resume)=(.+)$/.exec(word);
    if (parameter === null) return [];
    const [, name, reference] = parameter as unknown as [string, string, string];
    const fate = systems.fateOfReference(reference);
    if (fate === undefined) return [];
    const subject =
      name === 'root' ? 'the loader gives the kernel a root on' : 'the kernel wakes from hibernation from';
    const shown = evidence(COMMAND_LINE, word);
    return lossesOf(fate, { kind: 'boot', item: `boot:${name}`, subject, shown: [shown] });
  });
}

/** systemd-boot and others that keep its interface leave the GUID of the partition that they were loaded from. */
function loaderLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  const variable = namesAt(tree, VARIABLES).find((name) => name.startsWith('LoaderDevicePartUUID-'));
  const file = `${VARIABLES}/${variable}`;
  const bytes = variable === undefined ? undefined : tree.readBytes(file);
  if (bytes === undefined || isReadFailure(bytes)) return [];
  // Four bytes of attributes before the text.
  const guid = new TextDecoder('utf-16le').decode(bytes.subarray(4)).replaceAll('\0', '').toLowerCase();
  const partition = systems.stack.devices.all.find((device) => partitionGuid(tree, device) === guid);
  if (partition === undefined) return [];
  const subject = 'the firmware loads the boot loader from';
  const shown = evidence(file, guid);
  const fate = systems.stack.fateOf(partition.name);
  return lossesOf(fate, { kind: 'boot', item: 'boot:loader', subject, shown: [shown] });
}

function partitionGuid(tree: MachineTree, { number }: BlockDevice): string | undefined {
  const record = udevRecords(tree, number).find((line) => line.startsWith('E:ID_PART_ENTRY_UUID='));
  return record?.slice(record.indexOf('=') + 1).toLowerCase();
}
