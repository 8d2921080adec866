import { BusyError, InvalidError, OutOfRangeError } from '@isogroups/core';
import { expect, it } from 'vitest';
import { machineFrom } from '../captured/machine-from.ts';
import { memoryRanges } from '../devices/address-ranges.ts';
import { expectDisjointAddresses } from '../testing/address-check.ts';
import { captured } from '../testing/captured-files.ts';
import { listen } from '../testing/listen.ts';
import { theFunction } from '../testing/the-function.ts';
import { simulate } from './simulate.ts';

it('come when they are switched on, with ids and addresses, and go when they are switched off', () => {
  const machine = simulate('vtd; rp[acs] -> nic[vfs=0/4@8/2~SV+RR ats]');
  const heard = listen(machine);
  const nic = theFunction(machine, 'nic');
  const before = machine.facts();
  const fresh = machine.setVirtualFunctions('nic', 3);
  expect(fresh.map((f) => [f.name, f.label])).toEqual([
    ['0000:01:01.0', 'nic-vf0'],
    ['0000:01:01.2', 'nic-vf1'],
    ['0000:01:01.4', 'nic-vf2'],
  ]);
  expect(machine.factsOf(nic).sriov).toMatchObject({ enabled: true, numVfs: 3 });
  const first = theFunction(machine, 'nic-vf0');
  expect(machine.factsOf(first)).toMatchObject({
    vendor: 0x8086,
    device: 0x10d4,
    acs: { control: 5 },
    ats: { enabled: true },
  });
  expect(memoryRanges(first)).toHaveLength(1);
  expectDisjointAddresses(machine);
  machine.setVirtualFunctions(nic, 0);
  expect(machine.facts()).toEqual(before);
  expect(heard).toEqual([
    ...['changed 0000:01:00.0', 'added 0000:01:01.0', 'added 0000:01:01.2', 'added 0000:01:01.4'],
    ...['removing 0000:01:01.4', 'removed 0000:01:01.4', 'removing 0000:01:01.2', 'removed 0000:01:01.2'],
    ...['removing 0000:01:01.0', 'removed 0000:01:01.0', 'changed 0000:01:00.0'],
  ]);
});

it('are refused where they cannot be, and nothing has changed then', () => {
  const machine = simulate('rp -> nic[vfs=1/4]; rp -> accel; nic[vfs=0/4@8/1]; usb');
  const before = machine.facts();
  expect(() => machine.setVirtualFunctions('nic', 2)).toThrow(BusyError);
  expect(() => machine.setVirtualFunctions('accel', 1)).toThrow(InvalidError);
  expect(() => machine.setVirtualFunctions('nic2', 5)).toThrow(OutOfRangeError);
  // 00:03.0 and 8 behind is 00:04.0, where the USB controller is.
  expect(() => machine.setVirtualFunctions('nic2', 1)).toThrow(BusyError);
  expect(machine.facts()).toEqual(before);
});

it('of a captured function come back as they were', async () => {
  const { machine, tree } = await captured('intel-sriov-vfs');
  const simulated = machineFrom(machine, tree);
  const [virtual] = simulated.functions.filter((f) => f.physicalFunction !== undefined);
  const physical = virtual?.physicalFunction;
  if (physical === undefined) throw new Error('no virtual function');
  const places = () => simulated.functions.filter((f) => f.physicalFunction === physical).map((f) => f.name);
  const before = places();
  const ranges = memoryRanges(virtual as NonNullable<typeof virtual>);
  simulated.setVirtualFunctions(physical, 0);
  expect(places()).toEqual([]);
  simulated.setVirtualFunctions(physical, before.length);
  expect(places()).toEqual(before);
  const again = theFunction(simulated, before[0] as string);
  expect(memoryRanges(again)).toEqual(ranges);
  expect(simulated.factsOf(again)).toMatchObject({ vendor: expect.any(Number), device: expect.any(Number) });
});
