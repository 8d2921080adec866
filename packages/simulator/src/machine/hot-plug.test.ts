import { BusyError, InvalidError, NoDeviceError, OutOfRangeError } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { machineFrom } from '../captured/machine-from.ts';
import { memoryRanges } from '../devices/address-ranges.ts';
import { DescriptionError } from '../language/description-error.ts';
import { parseSlot } from '../language/parse-slot.ts';
import { randomDescription } from '../language/random-description.ts';
import { expectDisjointAddresses } from '../testing/address-check.ts';
import { listen } from '../testing/listen.ts';
import { theFunction } from '../testing/the-function.ts';
import { simulate } from './simulate.ts';

describe('hot-plug', () => {
  it('puts a device on an empty port, with an address in its window and a driver', () => {
    const machine = simulate('vtd; rp[acs]; rp[acs] -> nvme');
    const heard = listen(machine);
    const [disk] = machine.plug('nvme', 'rp');
    expect(disk).toMatchObject({
      name: '0000:01:00.0',
      label: 'nvme2',
      parent: machine.find('rp'),
      driver: { name: 'nvme' },
    });
    expect(heard).toEqual(['added 0000:01:00.0', 'bound 0000:01:00.0']);
    expect(memoryRanges(theFunction(machine, 'nvme2'))).toHaveLength(1);
    expectDisjointAddresses(machine);
    expect(machine.facts().functions).toHaveLength(4);
  });

  it('takes bus numbers that the firmware kept free, and announces parents first', () => {
    const machine = simulate('rp[spare=4]; rp -> nvme');
    const heard = listen(machine);
    machine.plug('switch(dsp -> nvme, dsp -> {gpu, audio})', 'rp');
    expect(heard.filter((line) => line.startsWith('added'))).toEqual([
      'added 0000:01:00.0',
      'added 0000:02:00.0',
      'added 0000:02:01.0',
      'added 0000:03:00.0',
      'added 0000:04:00.0',
      'added 0000:04:00.1',
    ]);
    expectDisjointAddresses(machine);
  });

  it('refuses what does not fit, and leaves everything as it was', () => {
    const machine = simulate('rp; rp -> nvme; bridge -> sound');
    const before = machine.facts();
    const heard = listen(machine);
    expect(() => machine.plug('switch(2*dsp)', 'rp')).toThrow(OutOfRangeError);
    expect(() => machine.plug('nic', 'rp2')).toThrow(BusyError);
    expect(() => machine.plug('nic', 'nvme')).toThrow(InvalidError);
    expect(() => machine.plug('nic', 'rp9')).toThrow(NoDeviceError);
    expect(() => machine.plug('dsp', 'rp')).toThrow(DescriptionError);
    expect(() => machine.plug('nvme:nic', 'rp')).toThrow('the name "nvme" is used twice');
    expect(() => machine.plug('nic[unit=1]', 'rp')).toThrow('"unit"');
    expect(() => machine.plug('nvme, nic', 'rp')).toThrow(DescriptionError);
    expect(heard).toEqual([]);
    expect(machine.facts()).toEqual(before);
  });

  it('adds to conventional busses, root busses and the domain of a VMD', () => {
    const machine = simulate('rp -> bridge -> sound; vmd(rp -> nvme)');
    machine.plug('scsi', 'bridge');
    machine.plug('{usb, sata}');
    machine.plug('sata', 'vmd');
    expect(machine.functions.map((f) => `${f.name} ${f.label}`)).toEqual(
      expect.arrayContaining(['0000:02:01.0 scsi', '0000:00:03.0 usb', '0000:00:03.1 sata', '10000:00:02.0 sata2']),
    );
    expect(theFunction(machine, 'sata2').dmaFunction).toBe(machine.find('vmd'));
    expectDisjointAddresses(machine);
  });

  it('adds to any root bus, beside the memory and what else is there', () => {
    const machine = simulate('vtd; rp -> nvme; @0000:40; rp -> nvme; @0001:00; rp');
    expect(machine.plug('gpu', '0000:40').map((d) => d.name)).toEqual(['0000:40:02.0']);
    expect(machine.plug('gpu', '0001:00').map((d) => d.name)).toEqual(['0001:00:02.0']);
    expect(machine.plug('rp -> gpu').map((d) => d.name)).toEqual(['0000:00:02.0', '0000:02:00.0']);
    expectDisjointAddresses(machine);
    const again = machineFrom(machine.facts(), machine.tree);
    again.plug('gpu');
    expectDisjointAddresses(again);
    for (const f of again.functions) {
      for (const { base, size } of memoryRanges(f)) {
        expect(again.memory.every((m) => base + size <= m.base || m.base + m.size <= base)).toBe(true);
      }
    }
  });

  it('takes out a device with its virtual functions and all below it, children first', () => {
    const machine = simulate('rp -> switch(dsp -> nic[vfs=2], dsp -> foobus -> foo); rp -> nvme');
    const heard = listen(machine);
    const nic = theFunction(machine, 'nic');
    machine.unplug('switch');
    expect(heard).toEqual([
      ...['removing foo', 'removing 0000:04:00.0', 'removing 0000:03:10.1', 'removing 0000:03:10.0'],
      ...['removing 0000:03:00.0', 'removing 0000:02:01.0', 'removing 0000:02:00.0', 'removing 0000:01:00.0'],
      ...['unbound 0000:03:00.0', 'unbound 0000:02:01.0', 'unbound 0000:02:00.0', 'unbound 0000:01:00.0'],
      ...['removed foo', 'removed 0000:04:00.0', 'removed 0000:03:10.1', 'removed 0000:03:10.0'],
      ...['removed 0000:03:00.0', 'removed 0000:02:01.0', 'removed 0000:02:00.0', 'removed 0000:01:00.0'],
    ]);
    expect(machine.functions.map((f) => f.label)).toEqual(['rp', 'rp2', 'nvme']);
    expect(() => machine.setBusMaster(nic, false)).toThrow(NoDeviceError);
    expect(() => machine.unplug(nic)).toThrow(NoDeviceError);
    expect(machine.readConfig(nic.address, 0, 4)).toBe(0xffff_ffff);
  });

  it('takes out a software device alone', () => {
    const machine = simulate('foobus -> (foo1, foo2)');
    machine.registerDriver({ name: 'foo', bus: 'foobus', match: () => true });
    const heard = listen(machine);
    const foo1 = machine.find('foo1');
    machine.unplug('foo1');
    expect(heard).toEqual(['removing foo1', 'unbound foo1', 'removed foo1']);
    expect(foo1?.driver).toBeUndefined();
    expect(machine.devices().map((d) => d.label)).toEqual(['foobus', 'foo2']);
    expect(machine.facts().others.map((o) => o.name)).toEqual(['foo2']);
  });

  it('goes on when a driver throws on the way out, and says so at the end', () => {
    const machine = simulate('rp -> nic[driver=none]');
    machine.registerDriver({
      name: 'stuck',
      bus: 'pci',
      match: (device) => device.label === 'nic',
      remove() {
        throw new Error('busy');
      },
    });
    expect(() => machine.unplug('nic')).toThrow(AggregateError);
    expect(machine.functions.map((f) => f.label)).toEqual(['rp']);
  });

  it('can put back what it took out, whatever the machine', () => {
    for (let seed = 0; seed < 150; seed++) {
      const machine = simulate(randomDescription(seed));
      for (const f of machine.functions) {
        if (f.parent === undefined || f.physicalFunction !== undefined || machine.find(f.name) !== f) continue;
        const alone = machine.functions.filter((g) => g.parent === f.parent && g.physicalFunction === undefined);
        if (alone.length > 1 || f.dmaFunction !== undefined) continue;
        machine.unplug(f);
        machine.plug('{nic, nic}', f.parent);
      }
      expectDisjointAddresses(machine);
      expect(
        machine.facts().diagnostics.filter((d) => d.severity === 'error'),
        `seed ${seed}`,
      ).toEqual([]);
      expect(machine.functions.map((f) => f.name)).toEqual(
        machine.facts().functions.map((f) => f.config?.file.slice(20, -7)),
      );
    }
  });

  it('is not kept from its work by listeners that throw, and reports what they threw', () => {
    const machine = simulate('rp');
    const heard = listen(machine);
    machine.subscribe({
      ...{ removing() {}, removed() {}, changed() {}, bound() {}, unbound() {} },
      added() {
        throw new Error('no');
      },
    });
    expect(() => machine.plug('nvme', 'rp')).toThrow(AggregateError);
    expect(heard).toEqual(['added 0000:01:00.0', 'bound 0000:01:00.0']);
    expect(machine.find('nvme')).toBeDefined();
  });

  it('takes one device from text and from data', () => {
    const machine = simulate('rp');
    machine.plug(parseSlot('{gpu, audio}'), theFunction(machine, 'rp'));
    expect(machine.functions.map((f) => f.label)).toEqual(['rp', 'gpu', 'audio']);
  });
});
