/**
 * @module What the texts for other tools need to know of a function.
 */
import { type Analysis, formatAddress, known, type PciAddress } from '@isogroups/pci';
import { isVfioDriver } from '../conditions/viability.ts';

export interface AssignedFunction {
  /** `0000:01:00.0` */
  readonly device: string;
  readonly address: PciAddress;
  /** Path below `/sys`, `devices/pci0000:00/0000:00:01.0/0000:01:00.0`; undefined where the source does not tell it. */
  readonly path: string | undefined;
  readonly vendor: number | undefined;
  readonly model: number | undefined;
  /** The kernel's group of today. */
  readonly group: number | undefined;
  readonly isVirtualFunction: boolean;
  /** The driver of VFIO that it has, or is to have. */
  readonly driver: string;
}

const DEFAULT_DRIVER = 'vfio-pci';

/** @param i index of a function of the machine */
export function assignedFunction({ machine }: Analysis, i: number): AssignedFunction {
  const f = machine.functions[i];
  if (f === undefined) throw new RangeError(`there is no function ${i} among ${machine.functions.length}`);
  const driver = known(f.host.driver) ?? '';
  return Object.freeze({
    device: formatAddress(f),
    address: f,
    path: f.host.path?.replace(/^sys\//, ''),
    vendor: known(f.vendor),
    model: known(f.device),
    group: known(f.host.group) ?? undefined,
    isVirtualFunction: f.physicalFunction >= 0,
    driver: isVfioDriver(driver) ? driver : DEFAULT_DRIVER,
  });
}
