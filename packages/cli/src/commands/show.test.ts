import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const show = (name: string, target: string, ...words: string[]) =>
  runCommand(['show', target, '--machine', fixture(name), ...words]);

const CASES: readonly (readonly [fixture: string, target: string, golden: string])[] = [
  ['gaming-pc', '01:00.0', 'gpu'],
  ['gaming-pc', '04:00.0', 'network-card'],
  ['gaming-pc', '1', 'kernel-group'],
  ['gaming-pc', 'vtd0/0000:00:01.0', 'group'],
  ['intel-sriov-vfs', '01:00.1', 'virtual-function'],
  ['intel-ats-device', '01:00.0', 'ats'],
  ['intel-pcie-to-pci-bridge', '00:1f.2', 'conventional'],
  ['without-root', '01:00.0', 'without-root'],
];

describe('isogroups show', () => {
  it.each(CASES)('of %s: %s reads well', async (name, target, as) => {
    const { code, stdout } = await show(name, target);
    const { expected, actual } = golden(`show-${as}`, stdout);
    expect(actual).toBe(expected);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(CASES)('of %s: %s keeps to the schema', async (name, target) => {
    expect(schemaErrors((await show(name, target, '--json')).stdout)).toEqual([]);
  });

  it('tells ACS of every port up to the root, by bits', async () => {
    const { acs } = JSON.parse((await show('intel-switch-with-acs', '03:00.0', '--json')).stdout);
    expect(acs.map((step: { device: string }) => step.device)).toEqual([
      '0000:03:00.0',
      expect.stringMatching(/^0000:02:/),
      '0000:01:00.0',
      expect.stringMatching(/^0000:00:/),
    ]);
    expect(acs[1].capability.enabled).toEqual(expect.arrayContaining(['SV', 'RR', 'CR', 'UF']));
  });

  it('tells a device that is no PCI function whose child it is', async () => {
    const { stdout } = await runCommand(['show', 'virtio0', '--json', '--machine', fixture('intel-ats-device')]);
    const answer = JSON.parse(stdout);
    expect(schemaErrors(stdout)).toEqual([]);
    expect(answer.target).toEqual({ sort: 'other', name: 'virtio0' });
    expect(answer.parent).toMatch(/^0000:/);
  });

  it('refuses what is not there with exit code 2', async () => {
    const { code, stdout, stderr } = await show('gaming-pc', '0a:00.0');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('there is no 0000:0a:00.0');
  });
});
