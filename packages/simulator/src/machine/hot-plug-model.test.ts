import { IsolationError } from '@isogroups/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryRanges } from '../devices/address-ranges.ts';
import { DescriptionError } from '../language/description-error.ts';
import { randomDescription } from '../language/random-description.ts';
import { expectDisjointAddresses } from '../testing/address-check.ts';
import { expectSame } from '../testing/expect-same.ts';
import { simulate } from './simulate.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

/** What can be plugged in, from small to large. */
const DEVICES = [
  'nvme',
  'sound',
  '{gpu, audio}',
  'nic[vfs=2@8/1]',
  'foobus -> (a, b)',
  'bridge -> scsi',
  'switch(dsp -> nvme, dsp)',
];

const operation = fc.record({ plug: fc.boolean(), what: fc.nat(), where: fc.nat() });

/** The devices that are there, as listeners were told. */
function followed(machine: SimulatedMachine): ReadonlySet<SimulatedDevice> {
  const present = new Set(machine.devices());
  machine.subscribe({
    added: (device) => void present.add(device as SimulatedDevice),
    removed: (device) => void present.delete(device as SimulatedDevice),
    removing: (device) => expect(present.has(device as SimulatedDevice)).toBe(true),
    changed() {},
    bound: (device) => expect(device.driver).toBeDefined(),
    unbound: (device) => expect(device.driver).toBeUndefined(),
  });
  return present;
}

const shape = (machine: SimulatedMachine): unknown =>
  machine.functions.map((f) => [f.name, f.label, f.driver?.name, f.parent?.name, memoryRanges(f)]);

it('a machine is whole after any plugging and unplugging, and what came and went leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.array(operation, { maxLength: 24 }), (seed, operations) => {
      const machine = simulate(randomDescription(seed));
      const before = shape(machine);
      const present = followed(machine);
      const own = new Set<SimulatedDevice>(machine.devices());
      for (const { plug, what, where } of operations) {
        const foreign = machine.devices().filter((d) => !own.has(d));
        if (plug) {
          const below = machine.functions[where % (machine.functions.length + 1)];
          const count = machine.devices().length;
          try {
            machine.plug(DEVICES[what % DEVICES.length] as string, below);
          } catch (error) {
            // It does not fit there: nothing may have changed.
            if (!(error instanceof IsolationError) && !(error instanceof DescriptionError)) throw error;
            expect(machine.devices().length).toBe(count);
          }
        } else if (foreign.length > 0) machine.unplug(foreign[where % foreign.length] as SimulatedDevice);
        expect(new Set(machine.devices())).toEqual(present);
        for (const d of machine.devices()) expect(d.parent === undefined || present.has(d.parent)).toBe(true);
      }
      expectDisjointAddresses(machine);
      expect(machine.facts().functions.map((f) => f.config?.file)).toEqual(
        machine.functions.map((f) => `sys/bus/pci/devices/${f.name}/config`),
      );
      for (const device of machine.devices()) {
        if (!own.has(device) && machine.find(device.name) === device) machine.unplug(device);
      }
      expectSame(shape(machine), before);
    }),
    { numRuns: 150 },
  );
});
