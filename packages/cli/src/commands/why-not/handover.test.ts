import { POLICIES, partition } from '@isogroups/core';
import { openMachine } from '@isogroups/inventory';
import { analyse, type KernelGroup, type Machine, type PciFunction, unknown } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { smallMachine } from '../../../../inventory/src/testing/small-machine.ts';
import { memoryTreeOf } from '../../../../inventory/src/testing/tree-entries.ts';
import { fixture } from '../../testing/fixtures.ts';
import { type Handover, handover } from './handover.ts';
import { guardedLosses } from './losses.ts';
import type { Rebinding } from './steps.ts';

/** The answer for a function of a machine of the repository, of which something is changed first. */
async function answer(
  name: string,
  device: string,
  change: (machine: Machine) => Machine,
  kernel?: string,
): Promise<Handover> {
  const analysis = analyse(change(await openMachine(fixture(name))), kernel === undefined ? {} : { kernel });
  const groups = partition(analysis.graph, POLICIES.default);
  const party = Array.from(groups.groupOf.keys()).find((p) => analysis.graph.parties.nameOf(p) === device) as number;
  return handover(analysis, groups, [party]);
}

const withRegion =
  (type: string) =>
  (machine: Machine): Machine => {
    const groups = (machine.kernel.groups as readonly KernelGroup[]).map((g) => ({
      ...g,
      reservedRegions: [{ start: 0xdf000000n, end: 0xdf0fffffn, type }],
    }));
    return { ...machine, kernel: { ...machine.kernel, groups } };
  };

const withDrivers =
  (driver: PciFunction['host']['driver']) =>
  (machine: Machine): Machine => ({
    ...machine,
    functions: machine.functions.map((f) => ({ ...f, host: { ...f.host, driver } })),
  });

const kinds = ({ hindrances }: Handover): string[] => hindrances.map((h) => h.kind);

describe('memory that the firmware keeps', () => {
  it('keeps VFIO from the group, whatever the policy accepts', async () => {
    const found = await answer('intel-sriov-vfs', '0000:01:00.1', withRegion('direct'), '6.12');
    expect(found.verdict).toBe('no');
    const direct = found.hindrances.find((h) => h.kind === 'direct-region');
    expect(direct).toMatchObject({ refusedBy: ['kernel'], certain: true });
    expect(direct?.text).toContain('0xdf000000-0xdf0fffff');
    expect(direct?.acceptedBy).toBeUndefined();
  });

  it('does not where the kernel calls it relaxable', async () => {
    expect(kinds(await answer('intel-sriov-vfs', '0000:01:00.1', withRegion('direct-relaxable'), '6.12'))).toEqual([]);
  });

  it('did so on Intel only before 6.6', async () => {
    const intel = await answer('intel-sriov-vfs', '0000:01:00.1', withRegion('direct'), '6.1');
    expect(kinds(intel)).toContain('direct-region');
    const amd = await answer('amd-root-port-with-acs', '0000:01:00.0', withRegion('direct'), '6.1');
    expect(kinds(amd)).not.toContain('direct-region');
    const later = await answer('amd-root-port-with-acs', '0000:01:00.0', withRegion('direct'), '6.12');
    expect(kinds(later)).toContain('direct-region');
  });
});

describe('drivers', () => {
  it('that are not known leave it undecided, with what would decide', async () => {
    const found = await answer(
      'intel-sriov-vfs',
      '0000:01:00.1',
      withDrivers(unknown('the text does not tell', 'lspci -k')),
    );
    expect(found.verdict).toBe('undecided');
    expect(found.hindrances[0]).toMatchObject({ kind: 'driver', certain: false });
    expect(found.hindrances[0]?.decidedBy).toContain('lspci -k');
  });

  it('of a bridge were harmless before 5.19', async () => {
    const same = (m: Machine): Machine => m;
    const before = await answer('smmuv3-pcie-to-pci-bridge', '0000:02:01.0', same, '5.15');
    expect(before.hindrances.map((h) => h.device)).not.toContain('0000:01:00.0');
    const since = await answer('smmuv3-pcie-to-pci-bridge', '0000:02:01.0', same, '6.1');
    expect(since.hindrances.map((h) => h.device)).toContain('0000:01:00.0');
  });

  it('of VFIO everywhere need no module and no step', async () => {
    const found = await answer('intel-sriov-vfs', '0000:01:00.1', withDrivers('vfio-pci'));
    expect(found).toMatchObject({ verdict: 'yes', steps: [], warnings: [] });
  });
});

describe('Intel VMD', () => {
  /** The virtual functions become children of the endpoint 01:00.0, bound to nvme. */
  const vmd = (machine: Machine): Machine => {
    const endpoint = machine.functions.findIndex((f) => f.bus === 1 && f.devfn === 0);
    return {
      ...machine,
      functions: machine.functions.map((f) =>
        f.physicalFunction === endpoint
          ? { ...f, physicalFunction: -1, dmaDevice: endpoint, host: { ...f.host, driver: 'nvme' } }
          : f,
      ),
      kernel: {
        ...machine.kernel,
        groups: [
          {
            id: 3,
            members: ['0000:01:00.0', '0000:01:00.1', '0000:01:00.2'],
            type: null,
            reservedRegions: [],
          },
        ],
      },
    };
  };

  it('children go with their endpoint and are not bound one by one', async () => {
    const found = await answer('intel-sriov-vfs', '0000:01:00.0', vmd);
    const touched = found.steps.flatMap((s) => (s.kind === 'command' ? [s.command] : []));
    expect(touched.filter((c) => c.includes('0000:01:00.1'))).toEqual([]);
    expect(touched).toContain('echo 0000:01:00.0 > /sys/bus/pci/drivers/nvme/unbind');
    expect(found.members.find((m) => m.device === '0000:01:00.1')?.because).toContain('goes when 01:00.0');
    expect(found.warnings.join()).toContain('2 functions behind it');
  });
});

describe('what the host would lose', () => {
  const nic: Rebinding = { party: 3, device: '0000:01:00.0', bus: 'pci', driver: 'igb', bridge: false };

  it('on the running machine is what the guard of a plan finds', () => {
    const tree = memoryTreeOf({
      ...smallMachine(),
      'sys/dev/block': null,
      'sys/class/net/eth0': { link: '../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0/net/eth0' },
      'proc/self/mountinfo': '22 1 0:21 / /proc rw - proc proc rw',
      'proc/net/route': 'eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0',
    });
    expect(guardedLosses(tree)([nic])).toContain('the default route is on eth0 of 0000:01:00.0');
    expect(guardedLosses(tree)([{ ...nic, bus: 'platform' }])).toEqual([]);
  });

  it('says what would decide what is not decided', () => {
    expect(guardedLosses(memoryTreeOf(smallMachine()))([nic])).toContainEqual(
      expect.stringMatching(/could not be read \(not decided; what would decide it: run it on the machine itself\)/),
    );
  });
});
