import { describe, expect, it } from 'vitest';
import { memoryRanges } from '../devices/address-ranges.ts';
import { createIommus } from '../iommu/machine-iommus.ts';
import { simulate } from '../machine/simulate.ts';
import type { SimulatedFunction } from '../machine/simulated-device.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';
import { createMachineRouter } from './machine-router.ts';
import type { RequestPacket } from './packet.ts';

const index = (machine: SimulatedMachine, label: string): number =>
  machine.functions.findIndex((f) => f.label === label);
const live = (machine: SimulatedMachine, label: string): SimulatedFunction =>
  machine.functions[index(machine, label)] as SimulatedFunction;

/** A read of the first register of `to`. */
function read(machine: SimulatedMachine, from: string, to: string): RequestPacket {
  const { address } = live(machine, from);
  return {
    kind: 'read',
    origin: index(machine, from),
    requester: (address.bus << 8) | address.devfn,
    address: memoryRanges(live(machine, to))[0]?.base ?? 0,
    translated: false,
  };
}

const allMasters = (machine: SimulatedMachine): void => {
  for (const f of machine.functions) machine.setBusMaster(f, true);
};

describe('the router of a simulated machine', () => {
  it('finds registers where the machine has put them', () => {
    const machine = simulate('vtd; rp[acs=on] -> switch(dsp -> nic, dsp -> nvme)');
    allMasters(machine);
    const router = createMachineRouter(machine, createIommus(machine).translation);
    expect(router.route(read(machine, 'nic', 'nvme'))).toMatchObject({
      kind: 'function',
      function: index(machine, 'nvme'),
    });
    const nowhere = { ...read(machine, 'nic', 'nvme'), address: 0x1000 };
    expect(router.route(nowhere)).toMatchObject({ kind: 'stopped', at: -1 });
  });

  it('reads registers that were written a moment ago', () => {
    const machine = simulate('vtd; rp[acs=on] -> switch(dsp[acs=off] -> nic, dsp[acs=off] -> nvme)');
    allMasters(machine);
    const router = createMachineRouter(machine, createIommus(machine).translation);
    const packet = read(machine, 'nic', 'nvme');
    expect(router.route(packet).kind).toBe('function');
    const port = live(machine, 'nic').parent as SimulatedFunction;
    const { acs } = machine.factsOf(port) as { acs: { offset: number } };
    machine.writeConfig(port, acs.offset + 6, Uint8Array.of(0x1d, 0));
    expect(router.route(packet)).toMatchObject({ kind: 'stopped', at: -1 });
    expect(router.fabric.functions[packet.origin]?.name).toBe(live(machine, 'nic').name);
  });

  it('delivers the interrupts that were granted, to whom they were granted', () => {
    const machine = simulate('vtd; rp[acs=on] -> nic; rp[acs=on] -> nvme');
    allMasters(machine);
    const { translation, interrupts, requestersOf } = createIommus(machine);
    const router = createMachineRouter(machine, translation, interrupts);
    const [requester = -1] = requestersOf(live(machine, 'nic'));
    const { address } = interrupts.grant(requester, 0x41);
    const from = (label: string) => ({ ...read(machine, label, label), kind: 'write', address }) as const;
    expect(router.route(from('nic'))).toEqual({ kind: 'interrupt', requester });
    expect(router.route(from('nvme'))).toMatchObject({ kind: 'stopped', reason: 'interrupt-remapping' });
    expect(createMachineRouter(machine, translation).route(from('nic'))).toMatchObject({ kind: 'stopped' });
  });

  it('sends nothing for a device that may not master the bus', () => {
    const machine = simulate('vtd; rp[acs=on] -> switch(dsp -> nic, dsp -> nvme)');
    allMasters(machine);
    const router = createMachineRouter(machine, createIommus(machine).translation);
    machine.setBusMaster(live(machine, 'nic'), false);
    expect(router.route(read(machine, 'nic', 'nvme'))).toMatchObject({ reason: 'bus-master-off' });
  });
});
