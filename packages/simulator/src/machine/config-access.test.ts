import { NoDeviceError, OutOfRangeError } from '@isogroups/core';
import { isUnknown } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { memoryRanges } from '../devices/address-ranges.ts';
import { listen } from '../testing/listen.ts';
import { theFunction } from '../testing/the-function.ts';
import { simulate } from './simulate.ts';

const dword = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

describe('configuration space', () => {
  it('reads as ones where nobody is, and beyond the end', () => {
    const machine = simulate('rp -> nvme; bridge -> sound');
    expect(machine.readConfig({ segment: 0, bus: 0, devfn: 0xf8 }, 0, 2)).toBe(0xffff);
    expect(machine.readConfig({ segment: 9, bus: 0, devfn: 0 }, 0, 4)).toBe(0xffff_ffff);
    const { address } = theFunction(machine, 'sound');
    expect(machine.readConfig(address, 0, 4)).toBe(0x1371_1274);
    expect(machine.readConfig(address, 0x100, 4)).toBe(0xffff_ffff);
  });

  it('keeps its ids and what is hard-wired', () => {
    const machine = simulate('rp[acs=off/SV+RR] -> nvme');
    const port = theFunction(machine, 'rp');
    machine.writeConfig(port, 0, dword(0));
    expect(machine.readConfig(port.address, 0, 4)).toBe(0x000c_1b36);
    const { acs } = machine.factsOf(port);
    if (isUnknown(acs) || acs === null) throw new Error('no ACS');
    machine.writeConfig(port, acs.offset + 4, dword(0xffff_ffff));
    expect(machine.factsOf(port).acs).toMatchObject({ capability: 0x05, control: 0x05 });
  });

  it('tells how large a range is, as software asks', () => {
    const machine = simulate('rp -> nvme[bar=64K]');
    const nvme = theFunction(machine, 'nvme');
    const before = memoryRanges(nvme);
    const [low, high] = [machine.readConfig(nvme.address, 0x10, 4), machine.readConfig(nvme.address, 0x14, 4)];
    machine.writeConfig(nvme, 0x10, dword(0xffff_ffff));
    expect(machine.readConfig(nvme.address, 0x10, 4)).toBe(0xffff_000c);
    machine.writeConfig(nvme, 0x10, dword(low));
    machine.writeConfig(nvme, 0x14, dword(high));
    expect(memoryRanges(nvme)).toEqual(before);
    // Registers without a range.
    machine.writeConfig(nvme, 0x18, dword(0xffff_ffff));
    expect(machine.readConfig(nvme.address, 0x18, 4)).toBe(0);
  });

  it('says so when facts change, and only then', () => {
    const machine = simulate('rp[acs] -> nvme[ats]');
    const heard = listen(machine);
    const nvme = theFunction(machine, 'nvme');
    machine.setBusMaster(nvme, false);
    expect(machine.readConfig(nvme.address, 4, 2) & 4).toBe(0);
    machine.setBusMaster(nvme, true);
    expect(machine.readConfig(nvme.address, 4, 2) & 4).toBe(4);
    expect(heard).toEqual([]);
    const { ats } = machine.factsOf(nvme);
    machine.writeConfig(nvme, (ats as { offset: number }).offset + 6, Uint8Array.of(0, 0));
    expect(machine.factsOf(nvme).ats).toMatchObject({ enabled: false });
    expect(heard).toEqual(['changed 0000:01:00.0']);
  });

  it('moves with its registers: memory decoding off, window closed', () => {
    const machine = simulate('rp -> nvme');
    const nvme = theFunction(machine, 'nvme');
    machine.writeConfig(nvme, 4, Uint8Array.of(4, 0));
    expect(memoryRanges(nvme)).toEqual([]);
  });

  it('of software devices is that of their parents', () => {
    const machine = simulate('foobus -> foo');
    const foo = machine.find('foo');
    machine.setBusMaster(foo as NonNullable<typeof foo>, false);
    expect(machine.readConfig(theFunction(machine, 'foobus').address, 4, 2) & 4).toBe(0);
  });

  it('refuses what is out of range or gone', () => {
    const machine = simulate('bridge -> sound');
    const sound = theFunction(machine, 'sound');
    expect(() => machine.writeConfig(sound, 0xfe, dword(0))).toThrow(OutOfRangeError);
    machine.unplug(sound);
    expect(() => machine.writeConfig(sound, 4, dword(0))).toThrow(NoDeviceError);
  });
});
