import { createMemoryTree, readMachine } from '@isogroups/inventory/parsers';
import type { Machine, MachineSource } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { machineFrom } from '../captured/machine-from.ts';
import { memoryRanges } from '../devices/address-ranges.ts';
import { randomDescription } from '../language/random-description.ts';
import { simulate } from '../machine/simulate.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';
import { captured, fixtureNames } from '../testing/captured-files.ts';
import { expectSame } from '../testing/expect-same.ts';

const SOURCE: MachineSource = { kind: 'synthetic', label: 'simulated machine' };

/** The inventory lists children of functions whose names it knows, virtio devices among them. */
function comparable(machine: Machine): unknown {
  return { ...machine, others: machine.others.filter((o) => /^virtio\d+$/.test(o.name)) };
}

const ranges = (machine: SimulatedMachine) => machine.functions.map((f) => memoryRanges(f));

describe('the files of a simulated machine', () => {
  it('tell the inventory the facts that the machine has', () => {
    for (let seed = 0; seed < 120; seed++) {
      const machine = simulate(randomDescription(seed));
      const read = readMachine(machine.tree, SOURCE);
      expectSame(comparable(read), comparable(machine.facts()), `seed ${seed}`);
    }
  });

  it('tell of software devices and their drivers', () => {
    const machine = simulate('vtd; rp -> virtiobus -> (virtio0, virtio1)');
    machine.registerDriver({ name: 'virtio_net', bus: 'virtiobus', match: () => true });
    const { others } = readMachine(machine.tree, SOURCE);
    expect(others).toEqual(machine.facts().others);
    expect(others).toMatchObject([{ name: 'virtio0', driver: 'virtio_net' }, { name: 'virtio1' }]);
  });

  it('change with the machine, and those taken before do not', () => {
    const machine = simulate('vtd; rp[acs] -> nvme; rp');
    const before = machine.tree;
    machine.plug('nic', 'rp2');
    machine.unplug('nvme');
    expect(readMachine(before, SOURCE).functions).toHaveLength(3);
    const after = readMachine(machine.tree, SOURCE);
    expect(after).toEqual(machine.facts());
    expect(after.functions.map((f) => f.host.driver)).toEqual(['pcieport', 'pcieport', 'e1000e']);
  });

  it('are enough to simulate it again, with the same addresses', () => {
    for (let seed = 0; seed < 40; seed++) {
      const machine = simulate(randomDescription(seed));
      const again = machineFrom(readMachine(machine.tree, SOURCE), machine.tree);
      expectSame(ranges(again), ranges(machine), `seed ${seed}`);
      expect(again.memory).toEqual(machine.memory);
    }
  });

  it('are well formed: no path twice, no file below a file', () => {
    const machine = simulate('amdvi; rp -> nic[vfs=2]; vmd(rp -> nvme)');
    expect(createMemoryTree('test', machine.files).diagnostics).toEqual([]);
  });
});

describe('the files of a machine that was captured', () => {
  it.each(fixtureNames)('tell the same facts: %s', async (name) => {
    const { machine, tree } = await captured(name);
    const read = readMachine(machineFrom(machine, tree).tree, machine.source);
    expectSame({ ...read, diagnostics: [] }, { ...machine, diagnostics: [] });
  });
});
