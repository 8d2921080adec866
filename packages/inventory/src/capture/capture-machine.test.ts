import { type Fact, isUnknown, type Machine } from '@isogroups/pci';
import { describe, expect, test } from 'vitest';
import { readMachine } from '../sysfs/read-machine.ts';
import { smallMachine } from '../testing/small-machine.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type FileRecipes, memoryTreeOf, treeEntries } from '../testing/tree-entries.ts';
import { createArchiveTree } from '../tree/archive-tree.ts';
import { createDirectoryTree } from '../tree/directory-tree.ts';
import { gunzip } from '../tree/gunzip.ts';
import { type MachineTree, readFailure } from '../tree/machine-tree.ts';
import { overlayTree } from '../tree/overlay-tree.ts';
import { type CaptureOptions, captureMachine } from './capture-machine.ts';
import { withMissingFiles } from './missing-files.ts';
import { packSnapshot } from './pack-snapshot.ts';

const SOURCE = { kind: 'snapshot', label: 'test tree' } as const;
const OPEN: CaptureOptions = { redact: false };
const REDACTED: CaptureOptions = { redact: true };

/** Through a packed archive and back. */
async function recaptured(tree: MachineTree, options: CaptureOptions): Promise<Machine> {
  const packed = await packSnapshot(captureMachine(tree, options).entries);
  const archive = createArchiveTree((await gunzip(packed, 'snapshot')).bytes, 'test tree');
  expect(archive.diagnostics).toEqual([]);
  return readMachine(withMissingFiles(archive.tree), SOURCE);
}

const pathsOf = (files: FileRecipes, options: CaptureOptions = OPEN): string[] =>
  captureMachine(memoryTreeOf(files), options).entries.map(({ path }) => path);

const contentOf = (files: FileRecipes, path: string): string => {
  const entry = captureMachine(memoryTreeOf(files), REDACTED).entries.find((e) => e.path === path);
  return entry?.kind === 'file' ? new TextDecoder('latin1').decode(entry.bytes) : 'not captured';
};

describe('a snapshot', () => {
  test('opens again as the same machine, from memory and from a directory', async () => {
    const tree = memoryTreeOf(smallMachine());
    expect(await recaptured(tree, OPEN)).toEqual(readMachine(tree, SOURCE));
    const directory = createDirectoryTree(temporaryDirectory(treeEntries(smallMachine())), 'test tree');
    expect(await recaptured(directory, OPEN)).toEqual(readMachine(tree, SOURCE));
  });

  test('of a snapshot is the same snapshot', () => {
    const first = captureMachine(memoryTreeOf(smallMachine()), OPEN).entries;
    const files = Object.fromEntries(
      first.map((e) => [e.path, e.kind === 'file' ? e.bytes : e.kind === 'link' ? { link: e.target } : null]),
    );
    expect(captureMachine(memoryTreeOf(files), OPEN).entries).toEqual(first);
  });

  test('is the same bytes each time, sorted, of nobody and of no time', async () => {
    const capture = (): Promise<Uint8Array> => packSnapshot(captureMachine(memoryTreeOf(smallMachine()), OPEN).entries);
    expect(Buffer.compare(await capture(), await capture())).toBe(0);
    const paths = pathsOf(smallMachine());
    expect(paths).toEqual([...paths].sort());
    const { bytes } = await gunzip(await capture(), 'x');
    // Owner, group and time of the first header.
    expect(Buffer.from(bytes.subarray(108, 116)).toString('latin1')).toMatch(/^0+\0$/);
    expect(Buffer.from(bytes.subarray(136, 148)).toString('latin1')).toMatch(/^0+\0$/);
  });

  test('holds nothing but what is named in its list', () => {
    const device = 'sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0';
    const extra = {
      [`${device}/rom`]: 'x',
      [`${device}/resource0`]: 'x',
      [`${device}/uevent`]: 'x',
      [`${device}/power/control`]: 'x',
      [`${device}/net/eth0/address`]: 'a0:b1:c2:33:44:55',
      'etc/hostname': 'secretbox',
      'proc/1/environ': 'SECRET=1',
    };
    expect(pathsOf(smallMachine(extra))).toEqual(pathsOf(smallMachine()));
    expect(pathsOf(smallMachine())).not.toContain('sys/firmware/acpi/tables/SSDT');
    for (const path of [
      'sys/bus/pci/slots/1/address',
      'sys/devices/virtual/iommu/dmar0/intel-iommu/ecap',
      'proc/iomem',
    ]) {
      expect(pathsOf(smallMachine())).toContain(path);
    }
  });

  test('never reads what is not in the list', () => {
    const tree = memoryTreeOf(smallMachine());
    const asked: string[] = [];
    captureMachine(
      { ...tree, readBytes: (path, limit) => [asked.push(path), tree.readBytes(path, limit)][1] as never },
      OPEN,
    );
    expect(asked.filter((path) => /resource\d|rom$|uevent|power\//.test(path))).toEqual([]);
    expect(asked).toContain('sys/devices/pci0000:00/0000:00:1c.0/config');
  });

  test('keeps directories that are empty: they tell that there is nothing', async () => {
    const empty = { 'sys/kernel/iommu_groups': null, 'sys/class/iommu': null, 'sys/firmware': null };
    const tree = memoryTreeOf(smallMachine(empty, ['sys/kernel', 'sys/class', 'sys/firmware']));
    const machine = await recaptured(tree, OPEN);
    expect(machine.firmware).toMatchObject({ dmar: null, deviceTree: null });
    expect(machine.kernel.iommuUnits).toEqual([]);
  });

  test('of what is no machine says so', () => {
    const { diagnostics } = captureMachine(memoryTreeOf({ 'proc/version': 'x' }), OPEN);
    expect(diagnostics).toMatchObject([{ severity: 'error' }]);
  });
});

describe('without root', () => {
  const denied = (path: string) => [path, () => readFailure('denied', path)] as const;
  const PORT_CONFIG = 'sys/devices/pci0000:00/0000:00:1c.0/config';
  const config = (smallMachine()[PORT_CONFIG] as Uint8Array).slice(0, 64);
  const tree = overlayTree(
    memoryTreeOf(smallMachine({ [PORT_CONFIG]: config, 'proc/iomem': '00000000-00000000 : Reserved' })),
    new Map([denied('dmesg.txt'), denied('sys/firmware/acpi/tables/DMAR'), denied('sys/firmware/acpi/tables/MCFG')]),
  );

  test('what is missing is listed, with the reason', () => {
    expect(captureMachine(tree, OPEN).missing).toEqual([
      { path: PORT_CONFIG, reason: 'partial', why: 'only 64 bytes can be read without root' },
      { path: 'sys/firmware/acpi/tables/DMAR', reason: 'denied', why: 'permission denied' },
      { path: 'sys/firmware/acpi/tables/MCFG', reason: 'denied', why: 'permission denied' },
      { path: 'proc/iomem', reason: 'partial', why: 'addresses are shown to root only' },
      { path: 'dmesg.txt', reason: 'denied', why: 'permission denied' },
    ]);
  });

  test('a table that may not be read is unknown in the snapshot too, not absent', async () => {
    const machine = await recaptured(tree, OPEN);
    const before = readMachine(tree, SOURCE);
    expect([machine.firmware.dmar, machine.firmware.mcfg, machine.kernel.log].every(isUnknown)).toBe(true);
    expect(machine.firmware.ivrs).toBe(null);
    expect(machine.functions).toEqual(before.functions);
    expect(machine.kernel.groups).toEqual(before.kernel.groups);
  });
});

describe('redacted', () => {
  const SECRETS = /a0[:-]b1[:-]c2|secretbox|buildhost|0c9ad3f1|SN12|\xa0\xb1\xc2|\xc2\xb1\xa0/i;
  /** Facts of which no part is a secret, with unknowns and texts as they are. */
  const bearing = (machine: Machine) => ({
    functions: machine.functions.map(({ serialNumber, config, ...facts }) => facts),
    others: machine.others,
    firmware: machine.firmware,
    rootBuses: machine.rootBuses,
    groups: machine.kernel.groups,
    units: machine.kernel.iommuUnits,
    release: machine.kernel.release,
    architecture: machine.kernel.architecture,
    diagnostics: machine.diagnostics,
  });

  test('the grouping facts are the same', async () => {
    const tree = memoryTreeOf(smallMachine());
    expect(bearing(await recaptured(tree, REDACTED))).toEqual(bearing(readMachine(tree, SOURCE)));
  });

  test('nothing of the secrets is in it', () => {
    const all = (options: CaptureOptions): string =>
      captureMachine(memoryTreeOf(smallMachine()), options)
        .entries.map((e) => (e.kind === 'file' ? new TextDecoder('latin1').decode(e.bytes) : e.path))
        .join('\n');
    expect(all(OPEN)).toMatch(SECRETS);
    expect(all(REDACTED)).not.toMatch(SECRETS);
  });

  test('the command line keeps what bears on isolation', () => {
    expect(contentOf(smallMachine(), 'proc/cmdline')).toBe(
      `BOOT_IMAGE=******** root=${'*'.repeat(41)} ro quiet intel_iommu=on hostname=********* pci=noats\n`,
    );
  });

  test('the log keeps the lines of PCI and IOMMU, and that a driver was there', () => {
    const log = contentOf(smallMachine(), 'dmesg.txt');
    expect(log).toContain('[    0.400000] PCI host bridge to bus 0000:00\n');
    expect(log).toContain('[    0.700000] pci 0000:00:00.0: Adding to iommu group 0\n');
    expect(log).toContain('[    0.600000] DMAR-IR: Enabled IRQ remapping in x2apic mode\n');
    expect(log).toContain('[    1.100000] igb 0000:01:00.0: <redacted>\n');
    expect(log).toContain('Debian 6.12.48-1');
    expect(log).not.toMatch(/DMI:|Hostname/);
  });

  test('serial numbers are zeros, in registers and in files', async () => {
    const machine: Machine = await recaptured(memoryTreeOf(smallMachine()), REDACTED);
    const numbers: Fact<string | null>[] = machine.functions.map((f) => f.serialNumber).filter((n) => n !== null);
    expect(numbers.filter((n) => !isUnknown(n))).toEqual(['00-00-00-00-00-00-00-00']);
    const file = 'sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/serial_number';
    expect(contentOf(smallMachine(), file)).toBe('00-00-00-00-00-00-00-00\n');
  });
});
