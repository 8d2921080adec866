import { BusyError, InvalidError, IoError, NoDeviceError, NotPermittedError } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { listen } from '../testing/listen.ts';
import { theFunction } from '../testing/the-function.ts';
import type { SimulatedDriver } from './driver.ts';
import { simulate } from './simulate.ts';

const vfio: SimulatedDriver = { name: 'vfio-pci', bus: 'pci', match: () => true };

describe('drivers', () => {
  it('have what they are for from the start', () => {
    const machine = simulate('rp -> nvme; rp -> nic[driver=none]; rp -> gpu[driver=vfio-pci]');
    expect(['nvme', 'nic', 'gpu'].map((name) => machine.find(name)?.driver?.name)).toEqual([
      'nvme',
      undefined,
      'vfio-pci',
    ]);
  });

  it('change hands, and listeners hear of it', () => {
    const machine = simulate('rp -> nvme');
    const nvme = theFunction(machine, 'nvme');
    const heard = listen(machine);
    const { driver: before } = nvme;
    machine.registerDriver(vfio);
    expect(() => machine.bind(nvme, vfio)).toThrow(BusyError);
    machine.unbind(nvme);
    machine.bind(nvme, vfio);
    expect(nvme.driver).toBe(vfio);
    machine.unregisterDriver(vfio);
    expect(heard).toEqual(['unbound 0000:01:00.0', 'bound 0000:01:00.0', 'unbound 0000:01:00.0']);
    expect(before?.name).toBe('nvme');
  });

  it('are offered what has none when they register, and what is plugged in', () => {
    const machine = simulate('rp -> nic[driver=none]; rp; foobus[driver=none] -> foo');
    const foo: SimulatedDriver = { name: 'foo', bus: 'foobus', match: (d) => d.name === 'foo' };
    machine.registerDriver(foo);
    expect(machine.find('foo')?.driver).toBe(foo);
    machine.registerDriver(vfio);
    expect(machine.find('nic')?.driver).toBe(vfio);
    machine.plug('accel', 'rp2');
    expect(machine.find('accel')?.driver).toBe(vfio);
    expect(() => machine.registerDriver({ ...vfio })).toThrow(BusyError);
  });

  it('are kept out by the gate, when they ask and when they are asked', () => {
    const machine = simulate('rp -> nic[driver=none]; rp');
    const nic = theFunction(machine, 'nic');
    machine.setGate((device, driver) => device !== nic || driver.name !== 'vfio-pci');
    machine.registerDriver(vfio);
    expect(nic.driver).toBeUndefined();
    expect(() => machine.bind(nic, vfio)).toThrow(NotPermittedError);
    machine.setGate(undefined);
    machine.bind(nic, vfio);
    expect(nic.driver).toBe(vfio);
  });

  it('that throw leave no half bound device', () => {
    const machine = simulate('rp -> nic[driver=none]; rp');
    const nic = theFunction(machine, 'nic');
    const picky: SimulatedDriver = {
      ...vfio,
      name: 'picky',
      probe() {
        throw new Error('no firmware');
      },
    };
    machine.registerDriver(picky);
    const heard = listen(machine);
    expect(() => machine.bind(nic, picky)).toThrow(IoError);
    expect(heard).toEqual([]);
    machine.registerDriver(vfio);
    machine.plug('accel', 'rp2');
    expect(machine.find('accel')?.driver).toBe(vfio);
  });

  it('that throw when they give a device back are reported, and it is unbound all the same', () => {
    const machine = simulate('rp -> nic[driver=none]');
    const nic = theFunction(machine, 'nic');
    machine.registerDriver({
      ...vfio,
      remove() {
        throw new Error('busy');
      },
    });
    expect(() => machine.unbind(nic)).toThrow(IoError);
    expect(nic.driver).toBeUndefined();
    expect(() => machine.unbind(nic)).toThrow(NoDeviceError);
  });

  it('bind only to what they match, on their own bus', () => {
    const machine = simulate('rp -> nic[driver=none]; foobus -> foo');
    const foo = machine.find('foo');
    expect(() => machine.bind(foo as NonNullable<typeof foo>, vfio)).toThrow(InvalidError);
    expect(() => machine.bind(theFunction(machine, 'nic'), { ...vfio, match: () => false })).toThrow(InvalidError);
  });
});
