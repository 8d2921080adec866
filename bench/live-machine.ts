/**
 * @module Machines of any number of segments, as devices that come and go: all that is measured happens in the registry.
 */
import type { Device, DeviceListener, DeviceModel } from '@isogroups/core';
import {
  assembleMachine,
  formatAddress,
  type LooseFunction,
  type Machine,
  type PciFacts,
  type PciFunction,
} from '@isogroups/pci';
import { type Shape, syntheticMachine } from './synthetic-machine.ts';

/** Functions of a segment. */
export const SEGMENT = 256;

/** A machine of whole segments of 256 functions: 28 root ports with a slot of eight functions each, one IOMMU a segment. */
export function machineOf(shape: Shape, count: number): Machine & { readonly loose: readonly LooseFunction[] } {
  const machine = syntheticMachine(shape, SEGMENT);
  const segments = Math.ceil(count / machine.functions.length);
  const loose: LooseFunction[] = [];
  for (let segment = 0; segment < segments; segment++) {
    const at = (i: number): string | null =>
      i < 0 ? null : formatAddress({ ...(machine.functions[i] as PciFunction), segment });
    for (const { parent, physicalFunction, dmaDevice, ...f } of machine.functions) {
      loose.push({
        ...f,
        segment,
        parentAddress: at(parent),
        physicalFunctionAddress: at(physicalFunction),
        dmaDeviceAddress: at(dmaDevice),
      });
    }
  }
  const { dmar } = machine.firmware;
  const drhds =
    dmar !== null && 'drhds' in dmar
      ? Array.from({ length: segments }, (_, segment) => ({
          ...(dmar.drhds[0] as (typeof dmar.drhds)[number]),
          segment,
          registerBase: BigInt(0xfed90000 + segment * 0x1000),
        }))
      : [];
  const firmware = { ...machine.firmware, dmar: dmar === null ? null : ({ ...dmar, drhds } as typeof dmar) };
  const parts = { source: machine.source, rootBuses: undefined, others: [], kernel: machine.kernel, diagnostics: [] };
  return { ...assembleMachine({ ...parts, functions: loose, firmware }), loose };
}

export interface Live extends DeviceModel, PciFacts {
  readonly present: readonly Device[];
  plug(device: Device): void;
  unplug(device: Device): void;
}

export function liveMachine(machine: ReturnType<typeof machineOf>): Live {
  const facts = new Map<Device, LooseFunction>();
  const byName = new Map<string, Device>();
  for (const f of machine.loose) {
    const name = formatAddress(f);
    const parent = f.parentAddress === null ? undefined : byName.get(f.parentAddress);
    const device: Device = { name, bus: 'pci', parent, driver: undefined };
    byName.set(name, device);
    facts.set(device, f);
  }
  let listener: DeviceListener | undefined;
  const present = [...facts.keys()];
  return {
    present,
    devices: () => present,
    subscribe(hear) {
      listener = hear;
      return () => undefined;
    },
    factsOf: (device) => facts.get(device),
    firmware: machine.firmware,
    kernel: machine.kernel,
    plug: (device) => listener?.added(device),
    unplug(device) {
      listener?.removing(device);
      listener?.removed(device);
    },
  };
}
