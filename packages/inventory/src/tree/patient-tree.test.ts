import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMachine } from '../sysfs/read-machine.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type FileRecipes, treeEntries } from '../testing/tree-entries.ts';
import { createDirectoryTree } from './directory-tree.ts';
import { isReadFailure, type MachineTree } from './machine-tree.ts';
import { patientTree } from './patient-tree.ts';

const functionAt = (device: string, files: Readonly<Record<string, string>>): FileRecipes => ({
  [`sys/bus/pci/devices/${device}`]: { link: `../../../devices/pci0000:00/${device}` },
  ...Object.fromEntries(
    Object.entries({ vendor: '0x8086', ...files }).map(([name, text]) => [
      `sys/devices/pci0000:00/${device}/${name}`,
      text,
    ]),
  ),
});

const FIRST = '0000:00:01.0';
const SECOND = '0000:00:02.0';
const THIRD = '0000:00:03.0';

/** Opening a pipe that nobody writes to waits, as reading does that needs a lock. */
function machine(locked: readonly string[]): string {
  const root = temporaryDirectory(
    treeEntries({
      ...functionAt(FIRST, { driver_override: '(null)', sriov_numvfs: '2' }),
      ...functionAt(SECOND, { driver_override: 'vfio-pci' }),
      ...functionAt(THIRD, { driver_override: 'back\\slash  and blanks ' }),
    }),
  );
  for (const path of locked) {
    rmSync(join(root, path));
    execFileSync('mkfifo', [join(root, path)]);
  }
  return root;
}

const text = (tree: MachineTree, path: string): string => {
  const bytes = tree.readBytes(path);
  return isReadFailure(bytes) ? bytes.reason : new TextDecoder().decode(bytes);
};
const override = (device: string): string => `sys/bus/pci/devices/${device}/driver_override`;
const overrides = (tree: MachineTree): string[] => [FIRST, SECOND, THIRD].map((device) => text(tree, override(device)));

test('reads what it would read by itself, under the address and at the place', async () => {
  const root = machine([]);
  const tree = await patientTree(createDirectoryTree(root), root);
  expect(overrides(tree)).toEqual(['(null)\n', 'vfio-pci\n', 'back\\slash  and blanks \n']);
  expect(text(tree, `sys/devices/pci0000:00/${SECOND}/driver_override`)).toBe('vfio-pci\n');
  expect(text(tree, `sys/bus/pci/devices/${FIRST}/sriov_numvfs`)).toBe('2\n');
  expect(text(tree, `sys/bus/pci/devices/${SECOND}/sriov_numvfs`)).toBe('missing');
  expect(tree.list(`sys/bus/pci/devices/${SECOND}`)).toEqual(['driver_override', 'vendor']);
});

test('leaves what does not answer, knows the rest, and keeps nobody waiting', async () => {
  const root = machine([
    `sys/devices/pci0000:00/${FIRST}/driver_override`,
    `sys/devices/pci0000:00/${SECOND}/driver_override`,
  ]);
  const tree = await patientTree(createDirectoryTree(root), root, { patienceMs: 300 });
  expect(overrides(tree)).toEqual(['locked', 'locked', 'back\\slash  and blanks \n']);
  expect(text(tree, `sys/devices/pci0000:00/${FIRST}/driver_override`)).toBe('locked');
  expect(text(tree, `sys/bus/pci/devices/${FIRST}/sriov_numvfs`)).toBe('2\n');
  const [first] = readMachine(tree, { kind: 'live', label: 'test' }).functions;
  expect(first?.host.driverOverride).toMatchObject({ decidedBy: 'isogroups doctor says who holds it' });
});

test('asks only those that it is told to', async () => {
  const root = machine([`sys/devices/pci0000:00/${FIRST}/driver_override`]);
  const began = Date.now();
  const tree = await patientTree(createDirectoryTree(root), root, { devices: [SECOND], patienceMs: 10_000 });
  expect(text(tree, override(SECOND))).toBe('vfio-pci\n');
  expect(Date.now() - began).toBeLessThan(8000);
});

test('follows no link out of the machine', async () => {
  const root = machine([]);
  const outside = temporaryDirectory(treeEntries({ driver_override: 'theirs', secret: 'theirs' }));
  const place = join(root, 'sys/devices/pci0000:00', FIRST);
  rmSync(join(place, 'driver_override'));
  symlinkSync(join(outside, 'secret'), join(place, 'driver_override'));
  rmSync(join(root, 'sys/bus/pci/devices', SECOND));
  symlinkSync(outside, join(root, 'sys/bus/pci/devices', SECOND));
  expect(overrides(await patientTree(createDirectoryTree(root), root)).join()).not.toContain('theirs');
});

test('a machine in which nothing can be asked is as it is', async () => {
  const root = temporaryDirectory(treeEntries({ 'sys/x': '1' }));
  const tree = createDirectoryTree(root);
  expect(await patientTree(tree, root)).toBe(tree);
});

test('of processes that wait in the kernel the mappings, too, where they are asked for', async () => {
  const process = (pid: number, state: string): FileRecipes => ({
    [`proc/${pid}/maps`]: `7f00-7f01 rw-s 0 00:06 ${pid} /dev/x\n7f02-7f03 r-xp 0 08:01 5 /usr/bin/x`,
    [`proc/${pid}/task/${pid}/stat`]: `${pid} (a) b) S 1 1 1`,
    [`proc/${pid}/task/${pid + 1}/stat`]: `${pid + 1} (a D b) ${state} 1 1 1`,
  });
  const root = temporaryDirectory(treeEntries({ ...process(70, 'D'), ...process(80, 'S'), ...process(90, 'D') }));
  for (const pid of [80, 90]) {
    rmSync(join(root, `proc/${pid}/maps`));
    execFileSync('mkfifo', [join(root, `proc/${pid}/maps`)]);
  }
  const plain = createDirectoryTree(root);
  const tree = await patientTree(plain, root, { mappings: true, patienceMs: 300 });
  expect(text(tree, 'proc/70/maps')).toBe(text(plain, 'proc/70/maps'));
  expect(text(tree, 'proc/90/maps')).toBe('locked');
  // Nobody waits there: it is read when somebody asks for it.
  expect(text(tree, 'proc/80/maps')).toBe('not-a-file');
  expect(await patientTree(plain, root)).toBe(plain);
});
