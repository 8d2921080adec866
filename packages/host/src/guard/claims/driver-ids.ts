/**
 * @module Devices that vfio-pci or pci-stub takes by their ids as soon as it is there: at the next start, from the command line
 * of the kernel or the settings of modprobe.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import { PCI_DEVICES } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';

/** `ids=10de:1e87` of a driver, with where it stands. */
export interface DriverIds {
  readonly driver: string;
  readonly ids: string;
  readonly file: string;
}

const COMMAND_LINE = 'proc/cmdline';
/** As modprobe looks into them. */
const MODPROBE = ['etc/modprobe.d', 'run/modprobe.d', 'usr/lib/modprobe.d', 'lib/modprobe.d'];

export function driverIds(tree: MachineTree): readonly DriverIds[] {
  const onCommandLine = (textAt(tree, COMMAND_LINE) ?? '').split(/\s+/).flatMap((word) => {
    const [, driver, ids] = /^"?([\w-]+)\.ids=(.*)$/.exec(word) ?? [];
    return driver === undefined ? [] : entriesOf(driver, ids as string, COMMAND_LINE);
  });
  const files = MODPROBE.flatMap((directory) =>
    namesAt(tree, directory).flatMap((name) => (name.endsWith('.conf') ? [`${directory}/${name}`] : [])),
  );
  return [...onCommandLine, ...files.flatMap((file) => optionsIn(textAt(tree, file) ?? '', file))];
}

/** `options vfio-pci ids=10de:1e87,10de:10f8 disable_vga=1`; a line that ends with `\` goes on. */
function optionsIn(text: string, file: string): readonly DriverIds[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => {
      const [command, module, ...settings] = line.trim().split(/\s+/);
      if (command !== 'options' || module === undefined) return [];
      return settings.flatMap((word) =>
        word.startsWith('ids=') ? entriesOf(module, word.slice('ids='.length), file) : [],
      );
    });
}

/** Kernel and modprobe take `-` and `_` in names of modules for the same. */
function entriesOf(module: string, ids: string, file: string): readonly DriverIds[] {
  const driver = module.replaceAll('_', '-');
  if (driver !== 'vfio-pci' && driver !== 'pci-stub') return [];
  return ids
    .replaceAll('"', '')
    .split(',')
    .map((one) => ({ driver, ids: one, file }));
}

export function idLosses(tree: MachineTree, device: string, all: readonly DriverIds[]): readonly Loss[] {
  const found = all.filter(({ ids }) => matches(ids, (name) => numberAt(tree, device, name)));
  const [first] = found;
  if (first === undefined) return [];
  return [
    loss({
      kind: 'other-claim',
      item: `ids:${device}`,
      device,
      effect: 'lost',
      says: `${device} is taken by ${first.driver} at each start, by its ids (${first.ids})`,
      evidence: found.map(({ driver, ids, file }) => evidence(file, `${driver} ids=${ids}`)),
    }),
  ];
}

const numberAt = (tree: MachineTree, device: string, name: string): number =>
  Number(textAt(tree, `${PCI_DEVICES}/${device}/${name}`) ?? Number.NaN);

const FIELDS = ['vendor', 'device', 'subsystem_vendor', 'subsystem_device'] as const;
/** PCI_ANY_ID: the field does not matter. */
const ANY = 0xffffffff;

/** `vendor:device[:subvendor[:subdevice[:class[:mask]]]]` in hexadecimal; those of the subsystem may be left out. */
function matches(ids: string, at: (name: (typeof FIELDS)[number] | 'class') => number): boolean {
  const numbers = ids
    .split(':')
    .map((text) => (/^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN));
  if (numbers.length < 2 || numbers.some(Number.isNaN)) return false;
  const [, , , , wanted = 0, mask = 0] = numbers;
  return (
    FIELDS.every((name, i) => {
      const number = numbers[i] ?? ANY;
      return number === ANY || number === at(name);
    }) && ((wanted ^ at('class')) & mask) === 0
  );
}
