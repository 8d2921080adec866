import { describe, expect, it } from 'vitest';
import { unknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { endpoint, machineOf, type Node, port, switchOf } from '../testing/build-machine.ts';
import { PORT } from './port-type.ts';
import { ROLE } from './role.ts';
import { analyseTopology } from './topology.ts';

const downstream = (address: string, below: readonly Node[]): Node => port(address, { type: PORT.downstream }, below);
const ari = { offset: 0x40, type: PORT.root, flr: false, ariForwarding: true };

const MACHINE = machineOf([
  endpoint('00:00.0', { type: 'conventional', facts: { classCode: 0x060000 } }),
  port('00:01.0', { multifunction: true }, [
    switchOf('01:00.0', [
      downstream('02:00.0', [endpoint('03:00.0'), endpoint('03:00.1')]),
      downstream('02:01.0', [endpoint('04:00.0', { facts: { multifunctionBit: unknown('cut', 'more of it') } })]),
    ]),
  ]),
  port('00:01.1', {}, [endpoint('05:00.0')]),
  port('00:02.0', { facts: { express: ari } }, [endpoint('06:00.0'), endpoint('06:01.2')]),
  port('00:03.0', {}, [
    endpoint('07:00.0', { facts: { multifunctionBit: unknown('cut', 'more of it') } }),
    endpoint('07:00.3'),
    endpoint('07:01.0'),
  ]),
  endpoint('80:00.0'),
]);
const at = (i: number): PciFunction => MACHINE.functions[i] as PciFunction;
const all = MACHINE.functions.map((_, i) => i);
const find = (bus: number, devfn: number): number =>
  MACHINE.functions.findIndex((f) => f.bus === bus && f.devfn === devfn);

/** Whether `i` is below `bridge`, asked step by step. */
function isBelow(machine: Machine, i: number, bridge: number): boolean {
  const { parent } = machine.functions[i] as PciFunction;
  return parent >= 0 && (parent === bridge || isBelow(machine, parent, bridge));
}

describe('the topology of a machine', () => {
  const t = analyseTopology(MACHINE);
  const inside = (from: Int32Array, to: Int32Array, of: number): readonly number[] =>
    all.filter((i) => i >= (from[of] as number) && i < (to[of] as number));

  it('has all that is below a bridge in one span', () => {
    for (const bridge of all) {
      expect(inside(t.belowFrom, t.belowTo, bridge)).toEqual(all.filter((i) => isBelow(MACHINE, i, bridge)));
    }
  });

  it('has busses and slots in spans', () => {
    for (const of of all) {
      const onBus = all.filter((i) => at(i).bus === at(of).bus);
      expect(inside(t.busFrom, t.busTo, of)).toEqual(onBus);
      expect(inside(t.slotFrom, t.slotTo, of)).toEqual(onBus.filter((i) => at(i).devfn >> 3 === at(of).devfn >> 3));
    }
  });

  it('knows multifunction devices as the kernel does', () => {
    const flag = (bus: number, devfn: number): number => t.multifunction[find(bus, devfn)] as number;
    expect(flag(0, 0x08)).toBe(1);
    expect(flag(3, 0)).toBe(0);
    // A number above 0 was found by the scan of a slot.
    expect(flag(3, 1)).toBe(1);
    // Behind ARI the whole bus is one slot, which starts at 0.
    expect([flag(6, 0), flag(6, 0x0a)]).toEqual([0, 1]);
    // What was not read the presence of others tells, those of the same slot.
    expect([flag(7, 0), flag(7, 0x08)]).toEqual([1, 0]);
    expect(flag(4, 0)).toBe(-1);
  });

  it('tells devices, ports and host bridges apart, and root busses from others', () => {
    expect(all.filter((i) => t.role[i] === ROLE.hostBridge)).toEqual([find(0, 0)]);
    expect(all.filter((i) => t.role[i] === ROLE.port).every((i) => at(i).headerType === 1)).toBe(true);
    expect(all.filter((i) => t.onRootBus[i] === 1)).toEqual(all.filter((i) => [0, 0x80].includes(at(i).bus)));
    expect(all.map((i) => t.parent[i])).toEqual(all.map((i) => at(i).parent));
    expect(all.filter((i) => t.forwardsAri[i] === 1)).toEqual([find(0, 0x10)]);
  });

  it('lists the few that have something', () => {
    const few = analyseTopology(
      machineOf([
        endpoint('00:01.0', { facts: { ats: { offset: 0x100, enabled: true } } }),
        endpoint('00:02.0', { facts: { ats: unknown('cut', 'more of it') } }),
        endpoint('00:03.0', { facts: { ats: null } }),
        endpoint('00:04.0', { facts: { ats: null, dmaDeviceAddress: '0000:00:03.0' } }),
        endpoint('00:05.0', { facts: { ats: null, physicalFunctionAddress: '0000:00:03.0' } }),
      ]),
    );
    expect(few.maybeAts).toEqual([0, 1]);
    expect(few.vmdChildren).toEqual([3]);
    expect([...few.isVirtual]).toEqual([0, 0, 0, 0, 1]);
  });

  it('of a machine without functions is empty', () => {
    expect(analyseTopology(machineOf([])).count).toBe(0);
  });
});
