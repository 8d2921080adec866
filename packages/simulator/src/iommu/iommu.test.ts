import { createDomain, type Device, type Domain, releaseDomain } from '@isogroups/core';
import { formatAddress, type PciAddress, parseAddress } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { endpoint, expressToPci, fabricOf, rootPort, shoot } from '../fabric/testing/small-fabric.ts';
import { FAULT } from '../fabric/translation.ts';
import { createIommu, type Iommu, type IommuOptions } from './iommu.ts';
import { formatRequester, requesterOf } from './requester.ts';
import { sharedOps, translationOf } from './units.ts';

interface TestDevice extends Device {
  readonly requesters: readonly number[];
}

const id = (address: string): number => requesterOf(parseAddress(address) as PciAddress);

const device = (name: string, ...aliases: string[]): TestDevice => ({
  name,
  bus: 'pci',
  parent: undefined,
  driver: undefined,
  requesters: [name, ...aliases].map(id),
});

const unit = (fields: Partial<IommuOptions> = {}): Iommu =>
  createIommu({ name: 'vtd0', kind: 'vt-d', requestersOf: (d) => (d as TestDevice).requesters, ...fields });

function domainOf(iommu: Pick<Iommu, 'ops'>, ...devices: Device[]): Domain {
  return createDomain({ name: devices[0]?.name ?? '', devices, iommuOps: iommu.ops, domain: undefined });
}

const errno = (name: string) => expect.objectContaining({ errno: name });

const NIC = '0000:01:00.0';

describe('a unit', () => {
  it('blocks what nothing was programmed for, and records who tried what', () => {
    const iommu = unit();
    expect(iommu.translate(id(NIC), 0x1000, 'write', false)).toBe(FAULT.noEntry);
    expect(iommu.faults.faults).toEqual([
      { unit: 'vtd0', requester: id(NIC), address: 0x1000, access: 'write', reason: 'no-entry' },
    ]);
  });

  it('translates an attached device by its domain, and blocks it again afterwards', () => {
    const iommu = unit();
    const domain = domainOf(iommu, device(NIC));
    domain.map(0x1000, 0x9000, 4096, 'r');
    expect(iommu.translate(id(NIC), 0x1010, 'read', false)).toBe(0x9010);
    expect(iommu.translate(id(NIC), 0x1010, 'write', false)).toBe(FAULT.noMapping);
    expect(iommu.translate(id(NIC), 0x2000, 'read', false)).toBe(FAULT.noMapping);
    expect(iommu.faults.faults.map((f) => f.reason)).toEqual(['permission', 'not-mapped']);
    releaseDomain(domain.groups[0] as never);
    expect(iommu.translate(id(NIC), 0x1010, 'read', false)).toBe(FAULT.noEntry);
    expect(iommu.entries.size).toBe(0);
  });

  it('lets listeners of the domain hear which device it was', () => {
    const iommu = unit();
    const nic = device(NIC);
    const domain = domainOf(iommu, nic);
    const heard: unknown[] = [];
    domain.onFault((fault) => heard.push(fault));
    iommu.translate(id(NIC), 0x2000, 'write', false);
    expect(heard).toEqual([{ kind: 'fault', device: nic, address: 0x2000, access: 'write', reason: 'not-mapped' }]);
  });

  it('programs every id that a device sends under', () => {
    const iommu = unit();
    const domain = domainOf(iommu, device(NIC, '0000:01:00.1'));
    domain.map(0, 0, 4096, 'r');
    expect(iommu.translate(id('0000:01:00.1'), 0, 'read', false)).toBe(0);
  });

  it('refuses two domains for one id, and programs nothing of the second device', () => {
    const iommu = unit();
    const bridge = '0000:02:00.0';
    const one = domainOf(iommu, device('0000:02:01.0', bridge));
    const message =
      'EBUSY: 0000:02:00.0 leads to domain 0000:02:01.0 for 0000:02:01.0, which 0000:02:02.0 cannot be told from: put them into one group';
    expect(() => domainOf(iommu, device('0000:02:02.0', bridge))).toThrow(
      expect.objectContaining({ errno: 'EIO', cause: expect.objectContaining({ message }) }),
    );
    expect(iommu.entryOf(id('0000:02:02.0')).kind).toBe('blocked');
    expect(iommu.entryOf(id(bridge))).toMatchObject({ domain: one });
  });

  it('keeps a shared id as long as one device of the domain uses it', () => {
    const iommu = unit();
    const bridge = '0000:02:00.0';
    const [a, b] = [device('0000:02:01.0', bridge), device('0000:02:02.0', bridge)];
    const domain = domainOf(iommu, a, b);
    const [group] = domain.groups;
    domain.detachDevice(group as never, a);
    expect(iommu.entryOf(id(bridge)).kind).toBe('domain');
    domain.detachDevice(group as never, b);
    expect(iommu.entries.size).toBe(0);
  });

  it('refuses a device that is not behind it', () => {
    expect(() => domainOf(unit({ requestersOf: () => [] }), device(NIC))).toThrow(
      expect.objectContaining({ errno: 'EIO', cause: errno('EINVAL') }),
    );
  });

  it('lets devices of the host through as they are, until they are blocked', () => {
    const iommu = unit();
    const nic = device(NIC);
    iommu.passThrough(nic);
    expect(iommu.translate(id(NIC), 0x1234, 'write', false)).toBe(0x1234);
    expect(iommu.translate(id(NIC), 0x1234, 'write', true)).toBe(FAULT.translatedNotAllowed);
    expect(() => domainOf(iommu, nic)).toThrow(errno('EIO'));
    expect(() => iommu.passThrough(nic)).toThrow(errno('EINVAL'));
    iommu.block(nic);
    expect(iommu.translate(id(NIC), 0x1234, 'write', false)).toBe(FAULT.noEntry);
    expect(() => iommu.block(nic)).toThrow(errno('EINVAL'));
  });

  it('that is at rest in identity blocks what was taken out of a domain', () => {
    const iommu = unit({ atRest: 'identity' });
    expect(iommu.translate(id(NIC), 0x1234, 'write', false)).toBe(0x1234);
    const domain = domainOf(iommu, device(NIC));
    expect(iommu.translate(id(NIC), 0x1234, 'write', false)).toBe(FAULT.noMapping);
    releaseDomain(domain.groups[0] as never);
    expect(iommu.translate(id(NIC), 0x1234, 'write', false)).toBe(FAULT.noEntry);
  });

  it('records as many faults as it has registers, and says when they did not suffice', () => {
    const iommu = unit({ faultRegisters: 2 });
    for (let k = 0; k < 3; k++) iommu.translate(id(NIC), k, 'read', false);
    expect(iommu.faults.faults).toHaveLength(2);
    expect(iommu.faults.overflowed).toBe(true);
    iommu.faults.clear();
    expect([iommu.faults.faults, iommu.faults.overflowed]).toEqual([[], false]);
  });

  it('of AMD keeps the addresses of HyperTransport free', () => {
    const iommu = unit({ name: 'amdvi0', kind: 'amd-vi' });
    const domain = domainOf(iommu, device(NIC));
    expect(() => domain.map(0xfd_0000_0000, 0, 4096, 'r')).toThrow(errno('EINVAL'));
    expect(iommu.translate(id(NIC), 0xff_0000_0000, 'read', false)).toBe(FAULT.noMapping);
    expect(iommu.faults.faults[0]?.reason).toBe('reserved');
  });
});

describe('address translation services', () => {
  const ats = () => {
    const iommu = unit({ admitsTranslated: (d) => d.name === NIC });
    const domain = domainOf(iommu, device(NIC));
    domain.map(0, 2 ** 21, 2 ** 21, 'rw');
    domain.map(2 ** 30, 0, 4096, 'r');
    return iommu;
  };

  it('answers with the page, or with no permission and no fault', () => {
    const iommu = ats();
    expect(iommu.answer(id(NIC), 0x1234)).toEqual({
      kind: 'translation',
      address: 2 ** 21,
      size: 2 ** 21,
      read: true,
      write: true,
    });
    expect(iommu.answer(id(NIC), 2 ** 30 + 8)).toMatchObject({ size: 4096, write: false });
    expect(iommu.answer(id(NIC), 2 ** 31)).toEqual({ kind: 'no-translation' });
    expect(iommu.faults.faults).toEqual([]);
  });

  it('lets a device that has them on reach any memory with what says it is translated', () => {
    const iommu = ats();
    expect(iommu.translate(id(NIC), 0x1234_5678, 'write', true)).toBe(0x1234_5678);
  });

  it('refuses questions and translated requests of all others', () => {
    const iommu = ats();
    domainOf(iommu, device('0000:02:00.0'));
    expect(iommu.answer(id('0000:02:00.0'), 0)).toEqual({ kind: 'unsupported-request' });
    expect(iommu.translate(id('0000:02:00.0'), 0, 'read', true)).toBe(FAULT.translatedNotAllowed);
    expect(iommu.answer(id('0000:03:00.0'), 0)).toEqual({ kind: 'unsupported-request' });
  });
});

describe('units together', () => {
  const nic = device(NIC);
  const other = device('0001:01:00.0');
  const one = unit();
  const two = unit({ name: 'vtd1', addressBits: 39 });
  const unitOf = (d: Device) => (d === nic ? one : d === other ? two : undefined);

  it('share a domain through the operations of their driver, within what both can do', () => {
    const ops = sharedOps('vt-d', [one, two], unitOf);
    const domain = domainOf({ ops }, nic, other);
    domain.map(0x1000, 0x5000, 4096, 'rw');
    expect(one.translate(id(NIC), 0x1000, 'read', false)).toBe(0x5000);
    expect(two.translate(id('0001:01:00.0'), 0x1000, 'read', false)).toBe(0x5000);
    expect(() => domain.map(2 ** 39, 0, 4096, 'r')).toThrow(errno('ERANGE'));
    releaseDomain(domain.groups[0] as never);
    expect(two.entries.size).toBe(0);
    expect(() => domainOf({ ops }, device('0000:09:00.0'))).toThrow(errno('EIO'));
  });

  it('keep free what any of them reserves', () => {
    const amd = unit({ kind: 'amd-vi' });
    const domain = domainOf({ ops: sharedOps('both', [amd, one], () => one) }, nic);
    expect(() => domain.map(0xfd_0000_0000, 0, 4096, 'r')).toThrow(errno('EINVAL'));
    releaseDomain(domain.groups[0] as never);
  });

  it('need a page size in common', () => {
    const coarse = unit({ pageSizes: [2 ** 21] });
    const fine = unit({ pageSizes: [4096] });
    expect(() => sharedOps('vt-d', [coarse, fine], () => coarse)).toThrow(errno('EINVAL'));
  });

  it('translate for the router; what no unit translates reaches memory as it is', () => {
    const fabric = fabricOf([
      rootPort('00:01.0', 'SV RR CR UF', [endpoint('01:00.0')]),
      rootPort('00:02.0', 'SV RR CR UF', [expressToPci('02:00.0', [endpoint('03:04.0')])]),
    ]);
    const iommu = unit();
    const translation = translationOf((requester) => (requester === id('0000:03:00.0') ? undefined : iommu));
    const domain = domainOf(iommu, nic);
    domain.map(0x1000, 0x7000, 4096, 'w');
    expect(shoot(fabric, { from: '01:00.0', address: 0x1000 }, translation).ends).toBe('memory 0x7000');
    expect(shoot(fabric, { from: '01:00.0', address: 0x3000 }, translation).ends).toBe('no-mapping');
    expect(shoot(fabric, { from: '01:00.0', address: 0x1000, kind: 'read' }, translation).ends).toBe('no-mapping');
    expect(shoot(fabric, { from: '03:04.0', address: 0x3000 }, translation).ends).toBe('memory 0x3000');
    releaseDomain(domain.groups[0] as never);
    expect(shoot(fabric, { from: '01:00.0', address: 0x1000 }, translation).ends).toBe('no-entry');
  });
});

it('writes requesters as functions are written', () => {
  for (const address of ['0000:01:00.0', '0002:ff:1f.7', '10000:e1:00.0']) {
    expect(formatRequester(id(address))).toBe(formatAddress(parseAddress(address) as PciAddress));
    expect(formatRequester(id(address))).toBe(address);
  }
});
