/**
 * @module Virtual functions come and go by the SR-IOV capability of their physical one, as through `sriov_numvfs` of Linux.
 */
import { BusyError, InvalidError, OutOfRangeError } from '@isogroups/core';
import { isUnknown, type PciAddress, requesterId, type SriovCapability } from '@isogroups/pci';
import { sriovOf } from '../devices/address-ranges.ts';
import { SUBORDINATE_BUS, writeWord } from '../devices/registers.ts';
import { byAddress, virtualFunction } from './build-functions.ts';
import type { LiveFunction } from './live-device.ts';
import type { MachineState } from './machine-state.ts';
import { busOf } from './subtree.ts';

/** Those that are on. */
export function virtualOf(state: MachineState, physical: LiveFunction): readonly LiveFunction[] {
  return busOf(state, physical).filter((f) => f.physicalFunction === physical);
}

const CONTROL = 0x08;
/** VF Enable and VF Memory Space Enable. */
const ENABLED = 0x09;
const NUM_VFS = 0x10;

/**
 * Switches on the first `count`, of which none is on, and puts them on the bus; tells nobody yet.
 *
 * @throws InvalidError for a function without SR-IOV, BusyError where some are on or something is at their addresses,
 * OutOfRangeError where it has not so many or bus numbers do not suffice.
 */
export function switchOn(state: MachineState, physical: LiveFunction, count: number): readonly LiveFunction[] {
  const sriov = capabilityOf(physical);
  const present = virtualOf(state, physical).length;
  if (present > 0) {
    throw new BusyError({
      says: `${physical.name} has ${present} virtual functions on`,
      next: 'set their number to 0 first',
      operands: { device: physical, count },
    });
  }
  const total = isUnknown(sriov.totalVfs) ? 0 : sriov.totalVfs;
  if (!Number.isInteger(count) || count < 1 || count > total) {
    throw new OutOfRangeError({
      says: `${physical.name} can have ${total} virtual functions, not ${count}`,
      next: `ask for 0 to ${total}`,
      operands: { device: physical, count },
    });
  }
  const places = addressesOf(physical, sriov, count);
  checkRoom(state, physical, places);
  writeWord(physical.config, sriov.offset + NUM_VFS, count);
  writeWord(physical.config, sriov.offset + CONTROL, ENABLED);
  const functions = places.map((place, index) => virtualFunction(physical, place, index, state.labels));
  const bus = busOf(state, physical);
  bus.push(...functions);
  bus.sort(byAddress);
  return functions;
}

/** The registers of a physical function whose virtual ones are gone. @throws InvalidError for one without SR-IOV */
export function switchOff(physical: LiveFunction): void {
  const { offset } = capabilityOf(physical);
  writeWord(physical.config, offset + CONTROL, 0);
  writeWord(physical.config, offset + NUM_VFS, 0);
}

function capabilityOf(physical: LiveFunction): SriovCapability {
  const sriov = sriovOf(physical);
  if (sriov !== undefined) return sriov;
  throw new InvalidError({
    says: `${physical.name} has no SR-IOV capability`,
    next: 'take a function that has one',
    operands: { device: physical },
  });
}

function addressesOf(physical: LiveFunction, sriov: SriovCapability, count: number): readonly PciAddress[] {
  const { firstVfOffset: offset, vfStride: stride } = sriov;
  const [first, step] = [isUnknown(offset) ? 0 : offset, isUnknown(stride) ? 0 : stride];
  const { segment } = physical.address;
  return Array.from({ length: count }, (_, index) => {
    const id = requesterId(physical.address) + first + index * step;
    return { segment, bus: id >> 8, devfn: id & 0xff };
  });
}

function checkRoom(state: MachineState, physical: LiveFunction, places: readonly PciAddress[]): void {
  const last = physical.parent?.config[SUBORDINATE_BUS] ?? 0xff;
  const beyond = places.find(({ bus }) => bus > last);
  if (beyond !== undefined) {
    throw new OutOfRangeError({
      says: `virtual functions of ${physical.name} would be on bus ${beyond.bus}, and the port above ends at ${last}`,
      next: 'ask for fewer, or give the port spare bus numbers',
      operands: { device: physical },
    });
  }
  const taken = new Set(busOf(state, physical).map(({ address }) => requesterId(address)));
  if (places.some((place) => taken.has(requesterId(place)))) {
    throw new BusyError({
      says: `virtual functions of ${physical.name} would be where other functions are`,
      next: 'unplug those, or ask for fewer',
      operands: { device: physical },
    });
  }
}
