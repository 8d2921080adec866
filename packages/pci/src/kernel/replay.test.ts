import { describe, expect, it } from 'vitest';
import { analyse } from '../analysis.ts';
import { formatAddress } from '../facts/address.ts';
import { unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { endpoint, type MachineOptions, machineOf, type Node, port, switchOf } from '../testing/build-machine.ts';
import { PORT } from '../topology/port-type.ts';

/** Groups as lists of short addresses, in the order of their numbers. */
function groups(roots: readonly Node[], options?: MachineOptions): string[] {
  const { machine, replay } = analyse(machineOf(roots, options));
  const lists: string[][] = [];
  replay.groupOf.forEach((g, i) => {
    if (g < 0) return;
    const list = lists[g] ?? [];
    list.push(formatAddress(machine.functions[i] as PciFunction).slice(5));
    lists[g] = list;
  });
  return lists.map((l) => l.join(' '));
}

const downstream = (address: string, acs: 'on' | 'off' | 'none', below: readonly Node[], multifunction = false): Node =>
  port(address, { type: PORT.downstream, acs, multifunction }, below);

describe('the kernel rules', () => {
  it('keep an endpoint apart from a root port with ACS', () => {
    expect(groups([port('00:1c.0', {}, [endpoint('01:00.0')])])).toEqual(['00:1c.0', '01:00.0']);
  });

  it('join an endpoint to a root port without ACS', () => {
    expect(groups([port('00:1c.0', { acs: 'off' }, [endpoint('01:00.0')])])).toEqual(['00:1c.0 01:00.0']);
    expect(groups([port('00:1c.0', { acs: 'none' }, [endpoint('01:00.0')])])).toEqual(['00:1c.0 01:00.0']);
  });

  it('take bits that are not implemented as hard-wired on', () => {
    const useless = { capability: 0, control: 0 };
    expect(groups([port('00:1c.0', { acs: useless }, [endpoint('01:00.0')])])).toEqual(['00:1c.0', '01:00.0']);
    const noUf = { capability: 0x1d, control: 0x0d };
    expect(groups([port('00:1c.0', { acs: noUf }, [endpoint('01:00.0')])])).toEqual(['00:1c.0 01:00.0']);
  });

  it('join the functions of a device without ACS, and keep those with it', () => {
    const gpu = [endpoint('01:00.0', { multifunction: true }), endpoint('01:00.1')];
    expect(groups([port('00:01.0', {}, gpu)])).toEqual(['00:01.0', '01:00.0 01:00.1']);
    const withAcs = [...gpu, endpoint('01:00.2', { acs: { capability: 0x0c, control: 0x0c } })];
    expect(groups([port('00:01.0', {}, withAcs)])).toEqual(['00:01.0', '01:00.0 01:00.1', '01:00.2']);
  });

  it('join root ports that are functions of one slot and lack ACS, with all below', () => {
    const two = [
      port('00:1c.0', { acs: 'off', multifunction: true }, [endpoint('01:00.0')]),
      port('00:1c.4', { acs: 'off' }, [endpoint('02:00.0')]),
    ];
    expect(groups(two)).toEqual(['00:1c.0 00:1c.4 01:00.0 02:00.0']);
  });

  it('do not compare the ports of a switch that stand in different slots (the known gap)', () => {
    const tree = [
      port('00:1c.0', {}, [
        switchOf('01:00.0', [
          downstream('02:00.0', 'off', [endpoint('03:00.0')]),
          downstream('02:01.0', 'off', [endpoint('04:00.0')]),
        ]),
      ]),
    ];
    expect(groups(tree)).toEqual(['00:1c.0', '01:00.0', '02:00.0 03:00.0', '02:01.0 04:00.0']);
  });

  it('join the ports of a switch that are functions of one slot', () => {
    const tree = [
      port('00:1c.0', {}, [
        switchOf('01:00.0', [
          downstream('02:00.0', 'off', [endpoint('03:00.0')], true),
          downstream('02:00.1', 'off', [endpoint('04:00.0')]),
        ]),
      ]),
    ];
    expect(groups(tree)).toEqual(['00:1c.0', '01:00.0', '02:00.0 02:00.1 03:00.0 04:00.0']);
  });

  it('put everything behind a bridge to conventional PCI into the group of the bridge', () => {
    const behind = [endpoint('02:00.0', { type: 'conventional' }), endpoint('02:04.0', { type: 'conventional' })];
    const tree = [port('00:1c.0', {}, [port('01:00.0', { type: PORT.expressToPci, acs: 'none' }, behind)])];
    expect(groups(tree)).toEqual(['00:1c.0', '01:00.0 02:00.0 02:04.0']);
  });

  it('give conventional single functions of a root bus a group each, and join those of one slot', () => {
    const conventional = (address: string, multifunction = false) =>
      endpoint(address, { type: 'conventional', multifunction });
    expect(groups([conventional('00:02.0'), conventional('00:1f.0', true), conventional('00:1f.2')])).toEqual([
      '00:02.0',
      '00:1f.0 00:1f.2',
    ]);
  });

  it('correct the type of an upstream port that says it is a downstream port', () => {
    // As a downstream port without ACS it would drag the whole switch together.
    const tree = [
      port('00:1c.0', {}, [
        port('01:00.0', { type: PORT.downstream, acs: 'none' }, [downstream('02:00.0', 'on', [endpoint('03:00.0')])]),
      ]),
    ];
    expect(groups(tree)).toEqual(['00:1c.0', '01:00.0', '02:00.0', '03:00.0']);
  });

  it('make no groups where the command line switches the IOMMU off', () => {
    for (const commandLine of ['intel_iommu=off', 'iommu=off', 'quiet intel_iommu=on,off']) {
      expect(groups([endpoint('00:02.0')], { kernel: { commandLine } }), commandLine).toEqual([]);
    }
    expect(groups([endpoint('00:02.0')], { kernel: { commandLine: 'iommu=pt' } })).toEqual(['00:02.0']);
  });

  it('follow pcie_acs_override for ports without any ACS capability', () => {
    const tree = [port('00:1c.0', { acs: 'none' }, [endpoint('01:00.0')])];
    const override = { kernel: { commandLine: 'intel_iommu=on pcie_acs_override=downstream' } };
    expect(groups(tree, override)).toEqual(['00:1c.0', '01:00.0']);
    expect(groups([port('00:1c.0', { acs: 'off' }, [endpoint('01:00.0')])], override)).toEqual(['00:1c.0 01:00.0']);
  });

  it('collapse on releases that switch ACS on after they made the groups', () => {
    const tree = [port('00:1c.0', {}, [endpoint('01:00.0')])];
    const group = (kernel: string) => [...analyse(machineOf(tree), { kernel }).replay.groupOf];
    expect(group('6.12.74')).toEqual([0, 1]);
    expect(group('6.12.76')).toEqual([0, 0]);
    expect(group('6.12.83')).toEqual([0, 1]);
  });

  it('name both outcomes where ACS could not be read', () => {
    const unread = unknown('configuration space ends at byte 256', 'run as root');
    const tree = [port('00:1c.0', { facts: { acs: unread } }, [endpoint('01:00.0')])];
    const { outcomes } = analyse(machineOf(tree));
    expect([...outcomes.likely.groupOf]).toEqual([0, 1]);
    expect(outcomes.alternatives.map((a) => [...a.replay.groupOf])).toEqual([[0, 0]]);
  });
});
