import { formatAddress, isUnknown, type Machine, type PciFunction } from '@isogroups/pci';
import { describe, expect, test } from 'vitest';
import { buildConfigSpace } from '../../../pci/src/encode/config-space.ts';
import { functionFiles, smallMachine } from '../testing/small-machine.ts';
import { type FileRecipes, memoryTreeOf } from '../testing/tree-entries.ts';
import { readMachine } from './read-machine.ts';

const read = (files: FileRecipes = smallMachine(), complete = true): Machine =>
  readMachine(memoryTreeOf(files, complete), { kind: 'snapshot', label: 'test tree' });

function functionAt(machine: Machine, address: string): PciFunction {
  const found = machine.functions.find((f) => formatAddress(f) === address);
  if (found === undefined) throw new Error(`no ${address}`);
  return found;
}

const CARD = 'sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0';

describe('a whole machine', () => {
  const machine = read();
  const named = (index: number): string => formatAddress(machine.functions[index] as PciFunction);

  test('has all functions, in tree order, and nothing to complain of', () => {
    expect(machine.functions.map(formatAddress)).toEqual([
      '0000:00:00.0',
      '0000:00:0e.0',
      '0000:00:1c.0',
      '0000:01:00.0',
      '0000:01:00.1',
      '0000:01:10.0',
      '10000:e0:06.0',
      '10000:e1:00.0',
    ]);
    expect(machine.diagnostics).toEqual([]);
  });

  test('knows what is above each function', () => {
    expect(functionAt(machine, '0000:00:1c.0').parent).toBe(-1);
    expect(named(functionAt(machine, '0000:01:00.1').parent)).toBe('0000:00:1c.0');
    expect(named(functionAt(machine, '10000:e1:00.0').parent)).toBe('10000:e0:06.0');
    expect(functionAt(machine, '10000:e0:06.0').parent).toBe(-1);
  });

  test('knows whose requester id a function behind VMD uses', () => {
    expect(named(functionAt(machine, '10000:e0:06.0').dmaDevice)).toBe('0000:00:0e.0');
    expect(named(functionAt(machine, '10000:e1:00.0').dmaDevice)).toBe('0000:00:0e.0');
    expect(functionAt(machine, '0000:01:00.0').dmaDevice).toBe(-1);
  });

  test('knows the physical function of a virtual one, its place and its real ids', () => {
    const vf = functionAt(machine, '0000:01:10.0');
    expect(named(vf.physicalFunction)).toBe('0000:01:00.0');
    expect(named(vf.parent)).toBe('0000:00:1c.0');
    expect(vf).toMatchObject({ vendor: 0x8086, device: 0x1520, classCode: 0x020000 });
  });

  test('has the root busses in the order of the log', () => {
    expect(machine.rootBuses).toEqual([
      { segment: 0, bus: 0 },
      { segment: 0x10000, bus: 0xe0 },
    ]);
    expect(machine.rootBusOrderKnown).toBe(true);
  });

  test('has what configuration space tells, and where it was read', () => {
    const port = functionAt(machine, '0000:00:1c.0');
    expect(port.acs).toMatchObject({ capability: 0x1f, control: 0x1d });
    expect(port.bridge).toEqual({ primary: 0, secondary: 1, subordinate: 1 });
    expect(port.config).toMatchObject({ file: 'sys/bus/pci/devices/0000:00:1c.0/config' });
    expect(functionAt(machine, '0000:01:00.0').serialNumber).toBe('a0-b1-c2-d3-ff-33-44-55');
  });

  test('has what the host says of a function', () => {
    expect(functionAt(machine, '0000:01:00.0').host).toEqual({
      path: CARD,
      driver: 'igb',
      driverOverride: 'vfio-pci',
      group: 2,
      iommu: 'dmar0',
      numaNode: 0,
      resetMethods: ['flr', 'bus'],
      bootVga: true,
      description: undefined,
    });
    expect(functionAt(machine, '0000:01:00.1').host).toMatchObject({
      driver: null,
      driverOverride: null,
      numaNode: null,
      resetMethods: null,
      bootVga: null,
    });
  });

  test('has the groups that the kernel made', () => {
    expect(machine.kernel.groups).toHaveLength(6);
    expect((machine.kernel.groups as unknown[])[2]).toEqual({
      id: 2,
      members: ['0000:01:00.0', '0000:01:00.1'],
      type: 'DMA-FQ',
      reservedRegions: [{ start: 0xfee00000n, end: 0xfeefffffn, type: 'msi' }],
    });
  });

  test('has the devices that are no PCI functions', () => {
    const card = machine.functions.indexOf(functionAt(machine, '0000:01:00.0'));
    expect(machine.others).toEqual([
      { name: 'idma64.0', subsystem: 'platform', driver: 'idma64', group: 5, parent: -1 },
      { name: 'virtio0', subsystem: 'virtio', driver: 'virtio_net', group: null, parent: card },
    ]);
  });

  test('has the firmware, where absent tables are known to be absent', () => {
    expect(machine.firmware.dmar).toMatchObject({ kind: 'dmar', drhds: [{ includeAll: true }] });
    expect(machine.firmware.mcfg).toMatchObject({ kind: 'mcfg', windows: [{ base: 0xe0000000n }] });
    expect(machine.firmware).toMatchObject({ ivrs: null, iort: null, viot: null, deviceTree: null });
  });

  test('has the kernel', () => {
    expect(machine.kernel).toMatchObject({
      release: '6.12.48-amd64',
      version: expect.stringContaining('Debian 6.12.48-1'),
      commandLine: expect.stringContaining('intel_iommu=on'),
      architecture: 'x86_64',
      iommuUnits: ['dmar0'],
    });
    expect((machine.kernel.log as string[])[5]).toBe('[    0.400000] PCI host bridge to bus 0000:00');
  });
});

describe('ids', () => {
  test("the kernel's own win over the registers, with a warning", () => {
    const machine = read(smallMachine({ [`${CARD}/class`]: '0x018000' }));
    expect(functionAt(machine, '0000:01:00.0').classCode).toBe(0x018000);
    expect(machine.diagnostics).toMatchObject([
      {
        severity: 'warning',
        file: 'sys/bus/pci/devices/0000:01:00.0/class',
        message: expect.stringContaining('0x20000'),
      },
    ]);
  });

  test('are taken from modalias, which has most of them in one file', () => {
    const modalias = 'pci:v00008086d00001521sv00001028sd0000C0DEbc02sc00i00';
    const machine = read(smallMachine({ [`${CARD}/modalias`]: modalias }));
    expect(functionAt(machine, '0000:01:00.0')).toMatchObject({
      vendor: 0x8086,
      device: 0x1521,
      subsystemVendor: 0x1028,
      subsystemDevice: 0xc0de,
      classCode: 0x020000,
      revision: 0,
    });
    expect(machine.diagnostics).toEqual([]);
  });

  test('are taken from the registers where there are no files, or no sense in them', () => {
    const machine = read(smallMachine({ [`${CARD}/vendor`]: 'x' }, [`${CARD}/device`]));
    expect(functionAt(machine, '0000:01:00.0')).toMatchObject({ vendor: 0x8086, device: 0x1521 });
  });

  test('are known without root, when registers end at 64 bytes, and what is beyond is unknown', () => {
    const config = (smallMachine()[`${CARD}/config`] as Uint8Array).slice(0, 64);
    const card = functionAt(read(smallMachine({ [`${CARD}/config`]: config })), '0000:01:00.0');
    expect(card).toMatchObject({ vendor: 0x8086, subsystemDevice: 1, headerType: 0 });
    expect(isUnknown(card.acs)).toBe(true);
  });
});

describe('half a snapshot: unknown is not absent', () => {
  test('without configuration space', () => {
    const machine = read(smallMachine({}, [`${CARD}/config`]));
    const card = functionAt(machine, '0000:01:00.0');
    expect(card).toMatchObject({ vendor: 0x8086, config: undefined });
    expect([card.acs, card.express, card.headerType, card.sriov].every(isUnknown)).toBe(true);
    expect(machine.diagnostics).toMatchObject([{ severity: 'error', file: 'sys/bus/pci/devices/0000:01:00.0/config' }]);
  });

  test('without any file of a function: known by its link alone', () => {
    const machine = read(smallMachine({}, [`${CARD}/`]));
    const card = functionAt(machine, '0000:01:00.0');
    expect(machine.functions).toHaveLength(8);
    expect([card.vendor, card.acs, card.host.driver, card.host.numaNode].every(isUnknown)).toBe(true);
    // Its place is in the link, its group in the list of members.
    expect(formatAddress(machine.functions[card.parent] as PciFunction)).toBe('0000:00:1c.0');
    expect(card.host.group).toBe(2);
  });

  test('without links: driver and group are unknown, unless the group lists its members', () => {
    const links = ['subsystem', 'driver', 'iommu', 'iommu_group'].map((name) => `${CARD}/${name}`);
    const card = functionAt(read(smallMachine({}, links)), '0000:01:00.0');
    expect(isUnknown(card.host.driver)).toBe(true);
    expect(card.host.group).toBe(2);
    const without = functionAt(read(smallMachine({}, [...links, 'sys/kernel/iommu_groups'])), '0000:01:00.0');
    expect(isUnknown(without.host.group)).toBe(true);
  });

  test('without the list of groups: the links of the devices tell the members', () => {
    const machine = read(smallMachine({}, ['sys/kernel/']));
    expect(machine.kernel.groups).toMatchObject([
      { id: 0, members: ['0000:00:00.0'] },
      { id: 1 },
      { id: 2, members: ['0000:01:00.0', '0000:01:00.1'], type: { kind: 'unknown' } },
      { id: 3, members: ['0000:00:0e.0', '10000:e0:06.0', '10000:e1:00.0'] },
      { id: 4 },
    ]);
    expect(machine.diagnostics).toMatchObject([{ file: 'sys/kernel/iommu_groups' }]);
  });

  test('without groups and links: unknown', () => {
    const without = ['sys/kernel/', ...Object.keys(smallMachine()).filter((path) => path.endsWith('/iommu_group'))];
    expect(isUnknown(read(smallMachine({}, without)).kernel.groups)).toBe(true);
  });

  test('a member that is no device in the snapshot is told', () => {
    const gone = Object.keys(smallMachine()).filter(
      (path) => path.includes('0000:01:00.1') && !path.includes('iommu_groups'),
    );
    const machine = read(smallMachine({}, gone));
    expect(machine.functions).toHaveLength(7);
    expect(machine.diagnostics).toMatchObject([{ message: expect.stringContaining('0000:01:00.1') }]);
  });

  test('without the firmware, the tables are unknown; without ACPI in it, absent', () => {
    const nothing = read(smallMachine({}, ['sys/firmware/'])).firmware;
    expect(Object.values(nothing).every(isUnknown)).toBe(true);
    const empty = read(smallMachine({ 'sys/firmware': null }, ['sys/firmware/'])).firmware;
    expect(empty).toEqual({ dmar: null, ivrs: null, iort: null, viot: null, mcfg: null, deviceTree: null });
    const noTables = read(smallMachine({ 'sys/firmware/acpi': null }, ['sys/firmware/'])).firmware;
    expect(isUnknown(noTables.dmar)).toBe(true);
    expect(noTables.deviceTree).toBe(null);
  });

  test('a device tree that is there but was not captured is unknown', () => {
    const { deviceTree } = read(smallMachine({ 'sys/firmware/devicetree/base/name': '' })).firmware;
    expect(isUnknown(deviceTree)).toBe(true);
  });

  test('the first of several tables of one name is used', () => {
    const dmar = smallMachine()['sys/firmware/acpi/tables/DMAR'] as Uint8Array;
    const changes = { 'sys/firmware/acpi/tables/DMAR1': dmar, 'sys/firmware/acpi/tables/DMAR2': new Uint8Array() };
    const machine = read(smallMachine(changes, ['sys/firmware/acpi/tables/DMAR']));
    expect(machine.firmware.dmar).toMatchObject({ kind: 'dmar' });
    expect(machine.diagnostics).toEqual([]);
  });

  test('in a damaged archive nothing is known to be absent', () => {
    const machine = read(smallMachine(), false);
    expect(machine.firmware.dmar).toMatchObject({ kind: 'dmar' });
    expect([machine.firmware.ivrs, machine.firmware.deviceTree].every(isUnknown)).toBe(true);
    const second = functionAt(machine, '0000:01:00.1');
    expect([second.host.driver, second.host.bootVga].every(isUnknown)).toBe(true);
    expect(second.host.group).toBe(2);
  });

  test('without proc, the log stands in; without both, they are unknown', () => {
    expect(read(smallMachine({}, ['proc/'])).kernel).toMatchObject({
      release: '6.12.48-amd64',
      version: expect.stringContaining('Linux version 6.12.48'),
      commandLine: expect.stringContaining('pci=noats'),
    });
    const { kernel } = read(smallMachine({}, ['proc/', 'dmesg.txt']));
    expect([kernel.release, kernel.version, kernel.commandLine, kernel.log].every(isUnknown)).toBe(true);
    // Intel's table says that much.
    expect(kernel.architecture).toBe('x86_64');
  });

  test('nothing at all is still a machine, of which nothing is known', () => {
    const machine = read({});
    expect(machine.functions).toEqual([]);
    expect(isUnknown(machine.kernel.architecture)).toBe(true);
    expect(machine.diagnostics).toMatchObject([{ severity: 'error', file: 'sys/bus/pci/devices' }]);
  });
});

describe('a copy that followed links', () => {
  const copied = (): FileRecipes =>
    Object.fromEntries(
      Object.entries(smallMachine()).flatMap(([path, content]) => {
        if (!path.startsWith('sys/devices/pci')) return path.startsWith('sys/bus/pci/devices') ? [] : [[path, content]];
        const match = /^.*?\/([0-9a-f:.]{12,13})\/([^/]+)$/.exec(path);
        const isLink = content !== null && typeof content === 'object' && 'link' in content;
        return match === null || isLink ? [] : [[`sys/bus/pci/devices/${match[1]}/${match[2]}`, content]];
      }),
    );

  test('is put together by the bus numbers of the bridges', () => {
    const machine = read(copied());
    const card = functionAt(machine, '0000:01:00.0');
    expect(machine.functions).toHaveLength(8);
    expect(formatAddress(machine.functions[card.parent] as PciFunction)).toBe('0000:00:1c.0');
    expect(card.host).toMatchObject({ path: undefined, group: 2, driver: { kind: 'unknown' } });
    expect(machine.diagnostics.length).toBeGreaterThan(0);
  });
});

describe('wrong content', () => {
  test.each([
    ['sys/bus/pci/devices/junk', { link: '../../../devices/junk' }, 'not a PCI address'],
    ['sys/kernel/iommu_groups/abc/type', 'DMA', 'not a group number'],
    ['sys/kernel/iommu_groups/0/reserved_regions', '0x0 nonsense', 'no reserved region'],
    ['sys/bus/pci/devices/0000:01:00.0', { link: '../../../../../etc' }, 'leads to'],
    ['sys/bus/pci/devices/0000:01:00.0', { link: '../../../devices/pci0000:00/0000:00:1c.0' }, 'leads to'],
  ])('%s: %j is told, the rest is used', (path, content, message) => {
    const machine = read(smallMachine({ [path]: content }));
    expect(machine.functions).toHaveLength(8);
    expect(machine.diagnostics.map((d) => d.message).join('\n')).toContain(message);
  });

  test('the padding that tar adds to files of sysfs is not part of the text', () => {
    const padded = new Uint8Array(4096);
    padded.set(new TextEncoder().encode('vfio-pci\n'));
    const machine = read(smallMachine({ [`${CARD}/driver_override`]: padded }));
    expect(functionAt(machine, '0000:01:00.0').host.driverOverride).toBe('vfio-pci');
  });

  test('a table that is no table is unknown, not absent', () => {
    const { firmware, diagnostics } = read(smallMachine({ 'sys/firmware/acpi/tables/DMAR': new Uint8Array(4) }));
    expect(isUnknown(firmware.dmar)).toBe(true);
    expect(diagnostics).toMatchObject([{ file: 'sys/firmware/acpi/tables/DMAR' }]);
  });
});

describe('the function of an IOMMU', () => {
  test('has a directory called as the link of other functions: it is behind no IOMMU', () => {
    const files = functionFiles({
      place: 'pci0000:00/0000:00:00.2',
      config: buildConfigSpace({ vendor: 0x1022, device: 0x1631, classCode: 0x080600 }),
      ids: ['1022', '1631', '080600'],
      group: null,
      more: { 'iommu/ivhd0/amd-iommu/cap': '0' },
    });
    expect(functionAt(read(smallMachine(files)), '0000:00:00.2').host).toMatchObject({ iommu: null, group: null });
  });
});

describe('the kernel log', () => {
  const cut = smallMachine({ 'dmesg.txt': '[    2.000000] pci 0000:00:1c.0: x\n[    3.0] y' });

  test('whose beginning is lost is used, and told', () => {
    const machine = read(cut);
    expect(machine.kernel.log).toHaveLength(2);
    expect(machine.rootBusOrderKnown).toBe(false);
    expect(machine.diagnostics).toMatchObject([{ file: 'dmesg.txt', message: expect.stringContaining('lost') }]);
  });

  test('that the host has kept is used if it is of this kernel', () => {
    const log = smallMachine()['dmesg.txt'] as string;
    expect(read(smallMachine({ 'var/log/dmesg': log }, ['dmesg.txt'])).kernel.log).toHaveLength(11);
    const older = read(smallMachine({ 'var/log/dmesg': log.replaceAll('6.12.48-1', '6.12.47-1') }, ['dmesg.txt']));
    expect(isUnknown(older.kernel.log)).toBe(true);
  });
});

describe('the architecture', () => {
  const bare = (files: FileRecipes): unknown => read(files).kernel.architecture;

  test.each([
    [{ 'proc/sys/kernel/arch': 'riscv64' }, 'riscv64'],
    [{ 'proc/version': 'Linux version 6.12.1-arm64 (x@y)' }, 'aarch64'],
    [{ 'dmesg.txt': '[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x411fd070]' }, 'aarch64'],
    [{ 'dmesg.txt': '[    0.000000] BIOS-e820: [mem 0x0-0x1] usable' }, 'x86_64'],
    [{ 'sys/class/iommu/ivhd0': { link: 'x' } }, 'x86_64'],
  ] as const)('%j', (files, architecture) => {
    expect(bare(files)).toBe(architecture);
  });

  test('is not guessed', () => {
    expect(isUnknown(bare({ 'proc/version': 'Linux version 6.1.0 (x@y) #1 SMP' }))).toBe(true);
  });
});
