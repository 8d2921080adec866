import type { Device } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../facts/address.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { looseFunction, PARTS } from '../testing/loose-function.ts';
import { createSegmentZones } from './segment-zones.ts';
import { createZoneMachines } from './zone-machines.ts';

const CHIPSET = looseFunction('00:00.0', { vendor: 0x8086, classCode: 0x060000 });

function start() {
  const zones = createSegmentZones(PARTS.firmware);
  const machines = createZoneMachines(PARTS, zones);
  const plug = (facts: LooseFunction): Device => {
    const device: Device = { name: formatAddress(facts), bus: 'pci', parent: undefined, driver: undefined };
    machines.added(zones.add(device, facts));
    return device;
  };
  const unplug = (device: Device): void => {
    zones.remove(device);
    machines.removed(device);
  };
  return { plug, unplug, machineOf: (segment: number) => machines.machineOf([segment]).machine };
}

describe('the machine of a zone', () => {
  it('has what bears on the whole machine once, in its own segment and in others, until it is gone', () => {
    const { plug, unplug, machineOf } = start();
    const chipset = plug(CHIPSET);
    plug(looseFunction('0001:00:01.0'));
    const namesIn = (segment: number) => machineOf(segment).functions.map(formatAddress);
    expect([namesIn(0), namesIn(1)]).toEqual([['0000:00:00.0'], ['0000:00:00.0', '0001:00:01.0']]);
    expect(machineOf(0).diagnostics).toEqual([]);
    unplug(chipset);
    expect(namesIn(1)).toEqual(['0001:00:01.0']);
  });

  it('is made from the one before, beside a function that bears on the whole machine', () => {
    const { plug, unplug, machineOf } = start();
    plug(CHIPSET);
    for (const segment of [0, 1]) {
      plug(looseFunction(`000${segment}:00:1c.0`));
      const before = machineOf(segment).rootBuses;
      const device = plug(looseFunction(`000${segment}:01:00.0 < 000${segment}:00:1c.0`));
      // Only the long way makes another list.
      expect(machineOf(segment).rootBuses).toBe(before);
      unplug(device);
      expect(machineOf(segment).rootBuses).toBe(before);
    }
  });
});
