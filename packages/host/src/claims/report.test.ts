import { readMachine } from '@isogroups/inventory';
import { analyse } from '@isogroups/pci';
import { expect, it } from 'vitest';
import { overrideFile } from '../kernel-files/device-files.ts';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claim } from '../transaction/commands.ts';
import { reportClaims } from './report.ts';

const FIRST = '0000:00:05.0';

it('says what has changed without reading what waits for a driver', async () => {
  const kernel = createFakeKernel(machineOf(2));
  const journal = createMemoryJournal();
  await claim(planFor(machineOf(2), FIRST), { files: kernel, journal });
  const devices = kernel.state.devices.map((d) => (d.address === FIRST ? { ...d, driver: null } : d));
  kernel.set({ ...kernel.state, devices });
  const plain = kernel.look();
  const hangs = (path: string): boolean => path.endsWith('/driver_override') || path.endsWith('/sriov_numvfs');
  const tree = {
    ...plain,
    readBytes: (path: string, limit?: number) => {
      if (hangs(path)) throw new Error(`${path} would not answer`);
      return plain.readBytes(path, limit);
    },
  };
  expect(() => tree.readBytes(overrideFile(FIRST))).toThrow();
  const analysis = analyse(readMachine(tree, { kind: 'live', label: 'test' }, { overrides: false }));
  const [report] = reportClaims(analysis, { files: { ...kernel, look: () => tree }, journal }, false);
  expect(report).toMatchObject({ state: 'held', drift: [{ says: `${FIRST} has no driver and not vfio-pci` }] });
});
