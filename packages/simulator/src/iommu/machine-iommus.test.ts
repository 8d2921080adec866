import { createDomain, type Device } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { FAULT } from '../fabric/translation.ts';
import { simulate } from '../machine/simulate.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';
import { createIommus, type MachineIommus } from './machine-iommus.ts';
import { formatRequester } from './requester.ts';

const MACHINE =
  'vtd; rp[acs] -> nvme[ats]; rp[acs] -> bridge -> (sound, foobus -> foo); rp[acs,unit=1] -> nic; host[unit=none]';

function deviceOf(machine: SimulatedMachine, name: string): Device {
  const device = machine.find(name);
  if (device === undefined) throw new Error(`no ${name}`);
  return device;
}

function domainFor(iommus: MachineIommus, ...devices: Device[]) {
  const iommuOps = iommus.iommuOpsOf(devices[0] as Device);
  return createDomain({ name: devices.map((d) => d.name).join('+'), devices, iommuOps, domain: undefined });
}

describe('the units of a machine', () => {
  const machine = simulate(MACHINE);
  const iommus = createIommus(machine);
  const device = (name: string) => deviceOf(machine, name);

  it('are those of its tables, and translate what those say', () => {
    expect(iommus.units.map((u) => `${u.name} ${u.kind}`).sort()).toEqual(['vtd0 vt-d', 'vtd1 vt-d']);
    expect(['nvme', 'sound', 'foo', 'nic', 'host'].map((name) => iommus.unitOf(device(name))?.name)).toEqual([
      'vtd1',
      'vtd1',
      'vtd1',
      'vtd0',
      undefined,
    ]);
    expect(iommus.iommuOpsOf(device('host'))).toBeUndefined();
    expect(iommus.interrupts.remapping).toBe(true);
  });

  it('see what is behind a bridge under the ids of the bridge, and software under those of its parent', () => {
    const ids = (name: string) => iommus.requestersOf(device(name)).map(formatRequester);
    expect(ids('nvme')).toEqual([device('nvme').name]);
    expect(ids('sound')).toEqual(['0000:03:00.0']);
    expect(ids('foobus')).toEqual(['0000:03:01.0', '0000:03:00.0']);
    expect(ids('foo')).toEqual(ids('foobus'));
    expect(iommus.requestersOf({ name: 'x', bus: 'pci', parent: undefined, driver: undefined })).toEqual([]);
  });

  it('translate for the router what a domain maps, and refuse ids that nobody has', () => {
    const domain = domainFor(iommus, device('nic'));
    domain.map(0x1000, 0x8000, 4096, 'rw');
    const [requester] = iommus.requestersOf(device('nic')) as [number];
    expect(iommus.translation.translate(requester, 0x1008, true, false)).toBe(0x8008);
    expect(iommus.translation.translate(0xff00, 0x1008, true, false)).toBe(FAULT.noEntry);
    expect(iommus.translation.translate(7 * 0x1_0000, 0x1008, true, false)).toBe(0x1008);
  });

  it('share a domain, as the driver of all of them lets groups do', () => {
    const other = simulate(MACHINE);
    const both = createIommus(other);
    const domain = domainFor(both, deviceOf(other, 'nic'), deviceOf(other, 'sound'));
    domain.map(0x1000, 0x8000, 4096, 'rw');
    for (const name of ['nic', 'sound']) {
      const [requester] = both.requestersOf(deviceOf(other, name)) as [number];
      expect(both.translation.translate(requester, 0x1000, false, false)).toBe(0x8000);
    }
    expect(both.units.map((unit) => unit.entries.size)).toEqual([1, 1]);
  });

  it('admit translated requests of devices whose ATS is on', () => {
    domainFor(iommus, device('nvme'));
    const [requester] = iommus.requestersOf(device('nvme')) as [number];
    expect(iommus.translation.translate(requester, 0x1008, true, true)).toBe(0x1008);
  });
});

it('a machine without an IOMMU has no unit, and everything reaches memory', () => {
  const machine = simulate('none; rp -> nvme');
  const iommus = createIommus(machine);
  expect(iommus.units).toEqual([]);
  expect(iommus.interrupts.remapping).toBe(false);
  const [requester] = iommus.requestersOf(deviceOf(machine, 'nvme')) as [number];
  expect(iommus.translation.translate(requester, 0x1008, true, false)).toBe(0x1008);
});

it('what is behind a VMD arrives under the id of the VMD', () => {
  const machine = simulate('vtd; vmd(rp -> nvme)');
  const iommus = createIommus(machine);
  const [vmd] = iommus.requestersOf(deviceOf(machine, 'vmd')) as [number];
  expect(iommus.requestersOf(deviceOf(machine, 'nvme'))).toEqual([vmd]);
  const domain = domainFor(iommus, deviceOf(machine, 'vmd'), deviceOf(machine, 'nvme'));
  domain.map(0, 0x4000, 4096, 'r');
  expect(iommus.translation.translate(vmd, 0, false, false)).toBe(0x4000);
});

it('what is plugged later is translated by the unit of its port', () => {
  const machine = simulate('vtd; rp[acs]');
  const iommus = createIommus(machine);
  machine.plug('nvme', 'rp');
  const nvme = deviceOf(machine, 'nvme');
  const domain = domainFor(iommus, nvme);
  domain.map(0, 0x4000, 4096, 'r');
  const [requester] = iommus.requestersOf(nvme) as [number];
  expect(iommus.translation.translate(requester, 0, false, false)).toBe(0x4000);
  machine.unplug('nvme');
  expect(iommus.unitOf(nvme)).toBeUndefined();
  domain.releaseGroup(domain.groups[0] as never);
  expect(iommus.units[0]?.entries.size).toBe(0);
});

it('interrupts are checked only where the units offer it', () => {
  expect(createIommus(simulate('amdvi[intremap=off]; rp -> nvme')).interrupts.remapping).toBe(false);
});

it('units at rest let devices through where the host booted them so', () => {
  const machine = simulate('amdvi; rp[acs] -> nvme');
  const iommus = createIommus(machine, 'identity');
  expect(iommus.units[0]).toMatchObject({ name: 'amdvi0', kind: 'amd-vi' });
  const [requester] = iommus.requestersOf(deviceOf(machine, 'nvme')) as [number];
  expect(iommus.translation.translate(requester, 0x1008, true, false)).toBe(0x1008);
});
