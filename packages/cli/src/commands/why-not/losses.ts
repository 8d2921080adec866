/**
 * @module What goes away from the host when drivers are unbound: of the running machine what the guard of `plan` finds; of a
 * captured one, as far as class, driver and boot display tell.
 */
import { findLosses, isVfioDriver } from '@isogroups/host';
import type { MachineTree } from '@isogroups/inventory';
import { type Analysis, known, type Machine, type PciFunction } from '@isogroups/pci';
import { nameOf } from '../../sentences/party.ts';
import type { Rebinding } from './steps.ts';

const CLASS = Object.freeze({ storage: 0x01, network: 0x02, display: 0x03 });
const USB = 0x0c03;

/** Sentences about all devices that change hands. */
export type HostLosses = (devices: readonly Rebinding[]) => readonly string[];

/** @param tree the files of the running machine */
export function guardedLosses(tree: MachineTree): HostLosses {
  return (devices) => {
    const functions = devices.filter((d) => d.bus === 'pci').map((d) => d.device);
    return findLosses(tree, functions).map(({ says, decidedBy }) =>
      decidedBy === undefined ? says : `${says} (not decided; what would decide it: ${decidedBy})`,
    );
  };
}

export function capturedLosses(analysis: Analysis): HostLosses {
  const { machine } = analysis;
  return (devices) =>
    devices.flatMap(({ party, driver }) => {
      if (driver === null || party >= machine.functions.length) return [];
      return lossesOf(machine, party, driver).map((loss) => `${nameOf(analysis, party)} ${loss}`);
    });
}

/** Clauses about function `i`, which `driver` serves now; empty where nothing is known to depend on it. */
function lossesOf(machine: Machine, i: number, driver: string): readonly string[] {
  if (!servesHost(driver)) return [];
  const f = machine.functions[i] as PciFunction;
  const code = known(f.classCode);
  const losses: string[] = [];
  if (f.host.bootVga === true) losses.push('is the boot display: the console of the host goes dark');
  const children = machine.functions.filter((other) => other.physicalFunction === i).length;
  if (children > 0)
    losses.push(`has ${children} virtual function${children === 1 ? '' : 's'}: they go away with their driver`);
  const dma = machine.functions.filter((other) => other.dmaDevice === i).length;
  if (dma > 0)
    losses.push(`has ${dma} function${dma === 1 ? '' : 's'} behind it (Intel VMD): they go away from the host`);
  if (code === undefined) return losses;
  if (code >> 16 === CLASS.storage) losses.push(`is bound to ${driver}: its disks go away from the host`);
  if (code >> 16 === CLASS.network) {
    losses.push(
      isOnlyNetwork(machine, i)
        ? `is bound to ${driver} and is the only network controller with a driver: the host loses its network`
        : `is bound to ${driver}: its network interfaces go away from the host`,
    );
  }
  if (code >> 16 === CLASS.display && f.host.bootVga !== true) {
    losses.push(`is bound to ${driver}: what is shown on its outputs goes away from the host`);
  }
  if (code >> 8 === USB)
    losses.push(`is bound to ${driver}: what is plugged into its USB ports goes away from the host`);
  return losses;
}

function isOnlyNetwork(machine: Machine, i: number): boolean {
  return machine.functions.every((f, j) => {
    const code = known(f.classCode);
    return j === i || code === undefined || code >> 16 !== CLASS.network || !servesHost(known(f.host.driver) ?? null);
  });
}

/** A device with a stub or with VFIO is not the host's any more. */
function servesHost(driver: string | null): boolean {
  return driver !== null && driver !== 'pci-stub' && !isVfioDriver(driver);
}
