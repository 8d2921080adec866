import { describe, expect, it } from 'vitest';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { isUnknown, unknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { parseKernelRelease, rulesOf } from '../kernel/series.ts';
import { endpoint, machineOf } from '../testing/build-machine.ts';
import { analyseTopology } from '../topology/topology.ts';
import { isStoneyRidge } from './amd-iommu-quirks.ts';
import { NO_ATS_QUIRKS, noAts } from './ats-quirks.ts';
import { hasBrokenSourceValidation } from './idt-acs.ts';
import {
  CALPELLA_DEVICES,
  IGFX_OFF_DEVICES,
  isSandyBridgeIoatOutside,
  needsGraphicsOff,
} from './intel-iommu-quirks.ts';
import { hasBrokenInterruptRemapping } from './irq-remapping-quirks.ts';

const machine = (facts: Partial<LooseFunction>, address = '00:02.0'): Machine =>
  machineOf([endpoint(address, { facts })]);
const one = (facts: Partial<LooseFunction>): PciFunction => machine(facts).functions[0] as PciFunction;
const unread = unknown('not read', 'run as root');
const config = (length: number, ...values: readonly (readonly [offset: number, byte: number])[]) => {
  const bytes = new Uint8Array(length);
  for (const [offset, byte] of values) bytes[offset] = byte;
  return { bytes, file: 'config' };
};

describe('noAts', () => {
  it('covers 24 devices', () => {
    expect(NO_ATS_QUIRKS.flatMap((row) => row.devices)).toHaveLength(24);
  });

  it('goes by ids', () => {
    expect(noAts(one({ vendor: 0x1002, device: 0x731f, revision: unread }))).toBe(true);
    expect(noAts(one({ vendor: 0x1002, device: 0x73bf }))).toBe(false);
    expect(noAts(one({ vendor: 0x10de, device: 0x731f }))).toBe(false);
  });

  it('goes by revision and subsystem where the row says so', () => {
    const e2000 = { vendor: 0x8086, device: 0x1452 };
    expect(noAts(one({ ...e2000, revision: 0x1f }))).toBe(true);
    expect(noAts(one({ ...e2000, revision: 0x20 }))).toBe(false);
    expect(noAts(one({ ...e2000, revision: unread }))).toBe(unread);
    const raven = { vendor: 0x1002, device: 0x15d8, subsystemVendor: 0xea50, subsystemDevice: 0xcc10 };
    expect(noAts(one({ ...raven, revision: 0xcf }))).toBe(true);
    expect(noAts(one({ ...raven, revision: 0xce }))).toBe(false);
    expect(noAts(one({ ...raven, revision: 0xcf, subsystemDevice: 1 }))).toBe(false);
  });

  it('does not guess', () => {
    const device = unknown('a name', 'lspci -nn', [0x731f, 1]);
    expect(isUnknown(noAts(one({ vendor: 0x1002, device })))).toBe(true);
    expect(noAts(one({ vendor: 0x1002, device: unknown('a name', 'lspci -nn', [2, 1]) }))).toBe(false);
  });
});

describe('Intel IOMMU quirks', () => {
  it('leave old graphics without translation', () => {
    expect(IGFX_OFF_DEVICES).toHaveLength(33);
    expect(needsGraphicsOff(machine({ vendor: 0x8086, device: 0x1612 }))).toBe(true);
    expect(needsGraphicsOff(machine({ vendor: 0x8086, device: 0x5912 }))).toBe(false);
    expect(needsGraphicsOff(machine({ vendor: 0x1002, device: 0x1612 }))).toBe(false);
  });

  it('read Calpella’s register', () => {
    const device = CALPELLA_DEVICES[0] as number;
    expect(needsGraphicsOff(machine({ vendor: 0x8086, device, config: config(256) }))).toBe(true);
    expect(needsGraphicsOff(machine({ vendor: 0x8086, device, config: config(256, [0x53, 0x08]) }))).toBe(false);
    expect(needsGraphicsOff(machine({ vendor: 0x8086, device, config: config(64) }))).toBe(false);
  });

  it('find a Sandy Bridge IOAT outside its own unit', () => {
    const vtbar = config(256, [0xb0, 1], [0xb2, 0xd1], [0xb3, 0xfe]);
    const topology = analyseTopology(
      machineOf([
        endpoint('00:00.0', { facts: { vendor: 0x8086, device: 0x3c00, config: vtbar } }),
        endpoint('00:04.0', { facts: { vendor: 0x8086, device: 0x402f } }),
      ]),
    );
    expect(isSandyBridgeIoatOutside(topology, 1, 0xfed1a000n)).toBe(false);
    expect(isSandyBridgeIoatOutside(topology, 1, 0xfed1b000n)).toBe(true);
    expect(isSandyBridgeIoatOutside(topology, 0, 0xfed1b000n)).toBe(false);
  });
});

describe('AMD IOMMU quirks', () => {
  it('know Stoney Ridge by its graphics', () => {
    const stoney = { vendor: 0x1002, device: 0x98e4 };
    expect(isStoneyRidge(machine(stoney, '00:01.0'))).toBe(true);
    expect(isStoneyRidge(machine(stoney, '00:01.1'))).toBe(false);
    expect(isStoneyRidge(machine(stoney, '01:00.0'))).toBe(false);
    expect(isStoneyRidge(machine({ vendor: 0x1002, device: 0x98e5 }, '00:01.0'))).toBe(false);
  });
});

describe('broken interrupt remapping', () => {
  const hostBridge = (device: number, revision: LooseFunction['revision'], classCode = 0x060000): Machine =>
    machine({ vendor: 0x8086, device, revision, classCode }, '00:00.0');

  it('goes by revision', () => {
    expect(hasBrokenInterruptRemapping(hostBridge(0x3403, 0x13))).toBe(true);
    expect(hasBrokenInterruptRemapping(hostBridge(0x3403, 0x14))).toBe(false);
    expect(hasBrokenInterruptRemapping(hostBridge(0x3405, 0x22))).toBe(true);
    expect(hasBrokenInterruptRemapping(hostBridge(0x3406, 0x22))).toBe(false);
    expect(hasBrokenInterruptRemapping(hostBridge(0x3404, 0x01))).toBe(false);
    expect(hasBrokenInterruptRemapping(hostBridge(0x3403, 0x13, 0x060400))).toBe(false);
    expect(hasBrokenInterruptRemapping(hostBridge(0x3403, unread))).toBe(unread);
  });
});

describe('single devices', () => {
  it('IDT switches lose Source Validation since 7.0', () => {
    const before = rulesOf(parseKernelRelease('6.18.15'));
    const since = rulesOf(parseKernelRelease('7.0.0'));
    expect(hasBrokenSourceValidation(one({ vendor: 0x111d, device: 0x8090 }), since)).toBe(true);
    expect(hasBrokenSourceValidation(one({ vendor: 0x111d, device: 0x8090 }), before)).toBe(false);
    expect(hasBrokenSourceValidation(one({ vendor: 0x111d, device: 0x8091 }), since)).toBe(false);
  });
});
