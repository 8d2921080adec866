/**
 * @module The driver that a device is to get: the one that was asked for, or the variant of VFIO that is made for it.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { textAt } from '../files.ts';
import { pciDevice } from '../kernel-files/device-files.ts';
import { bestVfioModule, type ModuleAlias, parseVfioAliases } from './modules-alias.ts';

export interface DriverChoice {
  /** As in /sys/bus/pci/drivers and in driver_override. */
  readonly driver: string;
  /** What has to be loaded for it; undefined: its driver is there. */
  readonly module: string | undefined;
}

export const VFIO_PCI = 'vfio-pci';

export interface DriverChooser {
  choose(device: string): DriverChoice;
}

/** @param asked `--driver`: for all devices. */
export function driverChooser(tree: MachineTree, asked: string | undefined): DriverChooser {
  let aliases: readonly ModuleAlias[] | undefined;
  return {
    choose(device) {
      if (asked !== undefined) return choice(tree, asked, asked);
      aliases ??= readAliases(tree);
      const modalias = textAt(tree, `${pciDevice(device)}/modalias`);
      const module = modalias === undefined ? undefined : bestVfioModule(aliases, modalias);
      return module === undefined ? choice(tree, VFIO_PCI, VFIO_PCI) : choice(tree, driverName(tree, module), module);
    },
  };
}

function choice(tree: MachineTree, driver: string, module: string): DriverChoice {
  const present = !isReadFailure(tree.list(`sys/bus/pci/drivers/${driver}`));
  return { driver, module: present ? undefined : module };
}

/** A module that is loaded tells the name itself. The variants register under the name of their module (KBUILD_MODNAME). */
function driverName(tree: MachineTree, module: string): string {
  const drivers = tree.list(`sys/module/${module}/drivers`);
  const own = isReadFailure(drivers) ? undefined : drivers.find((name) => name.startsWith('pci:'));
  return own?.slice('pci:'.length) ?? (module === 'vfio_pci' ? VFIO_PCI : module);
}

/** Without them, that there is no variant for a device is not known. */
export const hasModuleAliases = (tree: MachineTree): boolean => aliasesText(tree) !== undefined;

function readAliases(tree: MachineTree): readonly ModuleAlias[] {
  const text = aliasesText(tree);
  return text === undefined ? [] : parseVfioAliases(text);
}

function aliasesText(tree: MachineTree): string | undefined {
  const release = textAt(tree, 'proc/sys/kernel/osrelease');
  return release === undefined ? undefined : textAt(tree, `lib/modules/${release}/modules.alias`);
}
