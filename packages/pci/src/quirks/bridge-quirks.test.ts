import { describe, expect, it } from 'vitest';
import type { PciFunction } from '../facts/pci-function.ts';
import { parseKernelRelease, rulesOf } from '../kernel/series.ts';
import { endpoint, machineOf } from '../testing/build-machine.ts';
import { NOT_EXPRESS, PORT } from '../topology/port-type.ts';
import { type BridgeContext, type BridgeQuirks, bridgeQuirks } from './bridge-quirks.ts';

const hidden: BridgeContext = {
  rules: rulesOf(parseKernelRelease('7.1.5')),
  portType: NOT_EXPRESS,
  parent: undefined,
  parentPortType: PORT.root,
  onRootBus: false,
};
const flags = (
  vendor: number,
  device: number,
  context: Partial<BridgeContext> = {},
  headerType = 1,
): (keyof BridgeQuirks)[] => {
  const f = machineOf([endpoint('01:00.0', { facts: { vendor, device, headerType } })]).functions[0] as PciFunction;
  const quirks = bridgeQuirks(f, { ...hidden, ...context });
  return (Object.keys(quirks) as (keyof BridgeQuirks)[]).filter((name) => quirks[name]);
};

describe('bridgeQuirks', () => {
  it('has nothing to say of other bridges', () => {
    expect(flags(0x8086, 0x2448)).toEqual([]);
    expect(flags(0x1b21, 0x1081)).toEqual([]);
  });

  it('takes a conventional bridge below a PCI Express port for a PCIe-to-PCI bridge', () => {
    for (const [vendor, device] of [
      [0x1b21, 0x1080],
      [0x10e3, 0x8113],
      [0x1283, 0x8892],
      [0x1283, 0x8893],
      [0x8086, 0x244e],
    ] as const) {
      expect(flags(vendor, device)).toEqual(['pcieBridgeAlias']);
    }
  });

  it('needs all conditions for that', () => {
    expect(flags(0x8086, 0x244e, { onRootBus: true, parentPortType: NOT_EXPRESS })).toEqual([]);
    expect(flags(0x1b21, 0x1080, { portType: PORT.expressToPci })).toEqual([]);
    expect(flags(0x1b21, 0x1080, { parentPortType: NOT_EXPRESS })).toEqual([]);
    expect(flags(0x1b21, 0x1080, { parentPortType: PORT.expressToPci })).toEqual([]);
    expect(flags(0x1b21, 0x1080, {}, 2)).toEqual([]);
  });

  it('lets AST1150 add no id since 7.0', () => {
    expect(flags(0x1a03, 0x1150, { portType: PORT.expressToPci })).toEqual(['noAlias']);
    expect(flags(0x1a03, 0x1150, { rules: rulesOf(parseKernelRelease('6.18.15')) })).toEqual([]);
  });

  it('ends translation at ThunderX2', () => {
    expect(flags(0x14e4, 0x9000)).toEqual(['xlateRoot']);
    expect(flags(0x14e4, 0x9084, { onRootBus: true, portType: PORT.root })).toEqual(['xlateRoot']);
  });
});
