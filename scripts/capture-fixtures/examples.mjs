/**
 * @module Makes examples/ from some of the fixtures.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from '../guest/tools.mjs';

/** Example → fixture. */
const SNAPSHOTS = {
  'gaming-pc.tar.gz': 'gaming-pc',
  'switch-without-acs.tar.gz': 'nvme-behind-switch',
  'no-iommu.tar.gz': 'no-iommu-q35',
};
const LSPCI_TEXTS = { 'lspci-vvv.txt': 'gpu-with-audio' };

/**
 * @param {string} fixtures directory
 * @param {string} examples directory
 */
export function makeExamples(fixtures, examples) {
  for (const [file, fixture] of Object.entries(SNAPSHOTS)) {
    copyFileSync(join(fixtures, fixture, 'snapshot.tar.gz'), join(examples, file));
  }
  for (const [file, fixture] of Object.entries(LSPCI_TEXTS)) {
    const root = mkdtempSync(join(tmpdir(), 'isogroups-examples-'));
    run('tar', ['-xzf', join(fixtures, fixture, 'snapshot.tar.gz'), '-C', root]);
    const pci = join(root, 'sys/bus/pci');
    makeDrivers(pci);
    writeFileSync(join(examples, file), run('lspci', ['-O', `sysfs.path=${pci}`, '-vvv', '-nn']));
    rmSync(root, { recursive: true });
  }
}

/** lspci names a driver only when the link to it leads somewhere; a snapshot has the links alone. */
function makeDrivers(pci) {
  for (const device of readdirSync(join(pci, 'devices'))) {
    const names = readdirSync(join(pci, 'devices', device));
    if (!names.includes('driver')) continue;
    mkdirSync(join(pci, 'drivers', basename(readlinkSync(join(pci, 'devices', device, 'driver')))), {
      recursive: true,
    });
  }
}
