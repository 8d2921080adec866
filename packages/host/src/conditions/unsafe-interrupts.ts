/**
 * @module The parameter with which VFIO goes on without isolated interrupts.
 */
import type { MachineTree } from '@isogroups/inventory';
import { known, type Machine } from '@isogroups/pci';
import { namesAt, textAt } from '../files.ts';

/**
 * What the user writes; without it VFIO answers "Operation not permitted". The file is there only while the module is
 * loaded, and an option for modprobe does nothing to one that is already. iommufd has a parameter of its own.
 */
export const ALLOW_UNSAFE_INTERRUPTS =
  'modprobe vfio_iommu_type1 && echo 1 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts';

const ON_COMMAND_LINE = /(?:^|\s)(?:vfio_iommu_type1|iommufd)\.allow_unsafe_interrupts(?:=(?:1|y|on)\b|(?=\s|$))/i;

/** All that a source without the files of a running machine tells. */
export function allowedOnCommandLine({ kernel }: Machine): boolean {
  return ON_COMMAND_LINE.test(known(kernel.commandLine) ?? '');
}

const MODULES = ['vfio_iommu_type1', 'iommufd'];

/** The parameter of a module that is loaded counts; of one that is not yet, what it will be loaded with. */
export function unsafeInterruptsAllowed(tree: MachineTree, machine: Machine): boolean {
  const states = MODULES.map((name) => textAt(tree, `sys/module/${name}/parameters/allow_unsafe_interrupts`));
  if (states.includes('Y')) return true;
  if (states.includes('N')) return false;
  return allowedOnCommandLine(machine) || inConfiguration(tree);
}

const OPTION = /^options\s+(?:vfio_iommu_type1|iommufd)\s(?:.*\s)?allow_unsafe_interrupts(?:=(?:1|y|on))?(?:\s|$)/im;

function inConfiguration(tree: MachineTree): boolean {
  return ['etc/modprobe.d', 'run/modprobe.d', 'usr/lib/modprobe.d', 'lib/modprobe.d'].some((directory) =>
    namesAt(tree, directory).some((name) => OPTION.test(textAt(tree, `${directory}/${name}`) ?? '')),
  );
}
