import { describe, expect, it } from 'vitest';
import { patched, u16 } from '../encode/bytes.ts';
import {
  advancedFeaturesCapability,
  atsCapability,
  buildConfigSpace,
  type CapabilityRecipe,
  type ConfigSpaceRecipe,
  expressCapability,
  msiCapability,
  msixCapability,
  pasidCapability,
  powerManagementCapability,
  priCapability,
  serialNumberCapability,
  sriovCapability,
  subsystemCapability,
} from '../encode/config-space.ts';
import { isUnknown } from '../facts/fact.ts';
import type { ConfigFacts } from './config-facts.ts';
import { type DecodedConfigSpace, decodeConfigSpace } from './decode-config-space.ts';

const file = 'sys/bus/pci/devices/0000:00:1c.0/config';
const decode = (bytes: Uint8Array): DecodedConfigSpace => decodeConfigSpace({ bytes, file });
const facts = (recipe: ConfigSpaceRecipe): ConfigFacts => {
  const { facts, diagnostics } = decode(buildConfigSpace(recipe));
  expect(diagnostics).toEqual([]);
  return facts;
};
const express = expressCapability({ type: 0 });
const withExtended = (...extended: readonly CapabilityRecipe[]): ConfigFacts =>
  facts({ capabilities: [express], extended });

describe('header', () => {
  it('identity of an endpoint', () => {
    expect(
      facts({
        vendor: 0x8086,
        device: 0x1521,
        revision: 0x12,
        classCode: 0x020001,
        headerType: 0x80,
        subsystem: [0x15d9, 0x0652],
      }),
    ).toMatchObject({
      vendor: 0x8086,
      device: 0x1521,
      revision: 0x12,
      classCode: 0x020001,
      headerType: 0,
      multifunctionBit: true,
      subsystemVendor: 0x15d9,
      subsystemDevice: 0x0652,
      bridge: null,
      express: null,
      acs: null,
    });
  });

  it('a bridge has bus numbers, and its subsystem in a capability or not at all', () => {
    const bridge = { primary: 0, secondary: 3, subordinate: 9 };
    const recipe = { headerType: 1, classCode: 0x060400, bridge };
    expect(facts(recipe)).toMatchObject({ headerType: 1, multifunctionBit: false, bridge, subsystemVendor: 0 });
    expect(facts({ ...recipe, capabilities: [subsystemCapability(0x1028, 0x0798)] })).toMatchObject({
      subsystemVendor: 0x1028,
      subsystemDevice: 0x0798,
    });
  });

  it('a CardBus bridge has them elsewhere', () => {
    const bridge = { primary: 2, secondary: 3, subordinate: 6 };
    expect(facts({ headerType: 2, bridge, subsystem: [0x1014, 0x0148] })).toMatchObject({
      bridge,
      subsystemVendor: 0x1014,
      subsystemDevice: 0x0148,
    });
  });

  it('a virtual function does not say its ids', () => {
    const { vendor, device, classCode } = facts({ vendor: 0xffff, device: 0xffff, classCode: 0x020000 });
    expect(isUnknown(vendor) && isUnknown(device)).toBe(true);
    expect(classCode).toBe(0x020000);
  });
});

describe('capabilities', () => {
  it('PCI Express', () => {
    const of = (recipe: Parameters<typeof expressCapability>[0]): ConfigFacts['express'] =>
      facts({ capabilities: [expressCapability(recipe)] }).express;
    expect(of({ type: 6 })).toEqual({ offset: 0x40, type: 6, flr: false, ariForwarding: false });
    expect(of({ type: 0, flr: true })).toMatchObject({ type: 0, flr: true });
    expect(of({ type: 4, ariForwarding: true })).toMatchObject({ ariForwarding: true });
    // What stands at +0x28 of a version 1 capability belongs to something else.
    expect(of({ type: 4, ariForwarding: true, version: 1 })).toMatchObject({ ariForwarding: false });
  });

  it.each([true, false])('enable bits: %s', (on) => {
    expect(facts({ capabilities: [msiCapability(on)] }).msi).toEqual({ offset: 0x40, enabled: on });
    expect(facts({ capabilities: [msixCapability(on)] }).msix).toEqual({ offset: 0x40, enabled: on });
    expect(withExtended(atsCapability(on)).ats).toEqual({ offset: 0x100, enabled: on });
    expect(withExtended(priCapability(on)).pri).toEqual({ offset: 0x100, enabled: on });
    expect(withExtended(pasidCapability(on)).pasid).toEqual({ offset: 0x100, enabled: on });
  });

  it('power management', () => {
    const of = (on: boolean): unknown => facts({ capabilities: [powerManagementCapability(on)] }).powerManagement;
    expect([of(true), of(false)]).toEqual([
      { offset: 0x40, noSoftReset: true },
      { offset: 0x40, noSoftReset: false },
    ]);
  });

  it('advanced features reset a function only with both bits', () => {
    const flr = [0, 1, 2, 3].map(
      (bits) => facts({ capabilities: [advancedFeaturesCapability(bits)] }).advancedFeatures,
    );
    expect(flr.map((f) => f !== null && !isUnknown(f) && f.flr)).toEqual([false, false, false, true]);
  });

  it('SR-IOV', () => {
    const recipe = { enabled: true, totalVfs: 63, numVfs: 4, firstVfOffset: 0x180, vfStride: 2, vfDeviceId: 0x1520 };
    expect(withExtended(sriovCapability(recipe)).sriov).toEqual({ offset: 0x100, ...recipe });
  });

  it('serial number, as lspci prints it', () => {
    expect(withExtended(serialNumberCapability(0xff33_4455, 0x0011_22ff)).serialNumber).toBe('00-11-22-ff-ff-33-44-55');
  });
});

describe('what is not there to read', () => {
  const whole = buildConfigSpace({
    capabilities: [express, msiCapability(true)],
    extended: [
      sriovCapability({ enabled: true, totalVfs: 1, numVfs: 1, firstVfOffset: 1, vfStride: 1, vfDeviceId: 1 }),
    ],
  });

  it('64 bytes: identity is known, capabilities are not', () => {
    const { facts, diagnostics } = decode(whole.subarray(0, 64));
    expect(diagnostics).toEqual([]);
    expect(facts.vendor).toBe(0x8086);
    for (const fact of [facts.express, facts.acs, facts.msi, facts.serialNumber]) {
      expect(fact).toMatchObject({ why: 'configuration space ends at byte 64', decidedBy: 'run as root' });
    }
  });

  it('64 bytes of a function without capabilities: known to be conventional', () => {
    expect(facts({ length: 64 })).toMatchObject({ express: null, acs: null, msi: null });
  });

  it('256 bytes: only extended capabilities are unknown', () => {
    const { facts, diagnostics } = decode(whole.subarray(0, 256));
    expect(diagnostics).toEqual([]);
    expect(facts.msi).toEqual({ offset: 0x7c, enabled: true });
    expect(isUnknown(facts.sriov) && isUnknown(facts.acs)).toBe(true);
  });

  it('an odd length: told; registers before the cut are known', () => {
    const { facts, diagnostics } = decode(whole.subarray(0, 0x115));
    expect(diagnostics).toMatchObject([{ file, offset: 0x115, severity: 'warning' }]);
    expect(facts.sriov).toMatchObject({ enabled: true, numVfs: 1, firstVfOffset: { kind: 'unknown' } });
    expect(facts.acs).toBeNull();
  });

  it('no byte at all', () => {
    const { facts, diagnostics } = decode(new Uint8Array(0));
    expect(diagnostics).toHaveLength(1);
    expect(Object.values(facts).every(isUnknown)).toBe(true);
  });

  it.each([
    [0xff, 'all ones'],
    [0x00, 'all zeros'],
  ])('bytes of 0x%s: the function does not answer', (byte, what) => {
    const { facts, diagnostics } = decode(new Uint8Array(256).fill(byte));
    expect(diagnostics).toMatchObject([{ file, offset: 0, severity: 'error' }]);
    expect(diagnostics[0]?.message).toContain(what);
    expect(Object.values(facts).every(isUnknown)).toBe(true);
    expect(Object.keys(facts).sort()).toEqual(Object.keys(decode(whole).facts).sort());
  });

  it('more than 4096 bytes: the rest is not used', () => {
    const { facts, diagnostics } = decode(patched(new Uint8Array(5000), 0, u16(0x8086)));
    expect(facts.vendor).toBe(0x8086);
    expect(diagnostics).toMatchObject([{ offset: 4096 }]);
  });
});

it('reads a view into a larger buffer from where the view starts', () => {
  const shifted = new Uint8Array(300);
  shifted.set(buildConfigSpace({ device: 0x1234 }), 17);
  expect(decode(shifted.subarray(17, 17 + 256)).facts.device).toBe(0x1234);
});
