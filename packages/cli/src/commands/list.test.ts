import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const GOLDEN = [
  'gaming-pc',
  'gpu-with-audio',
  'intel-no-interrupt-remapping',
  'intel-switch-without-acs',
  'intel-sriov-vfs',
  'intel-iommu-off',
  'no-iommu-q35',
  'nvme-behind-switch',
  'smmuv3-acpi',
  'without-root',
];

describe('isogroups list', () => {
  it.each(GOLDEN)('reads well on %s', async (name) => {
    const { code, stdout } = await runCommand(['--machine', fixture(name)]);
    const { expected, actual } = golden(`list-${name}`, stdout);
    expect(actual).toBe(expected);
    expect(code).toBe(0);
  });

  it.each(GOLDEN)('stays within 80 columns on %s', async (name) => {
    const { stdout } = await runCommand(['list', '--machine', fixture(name)]);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(GOLDEN)('keeps to the schema on %s', async (name) => {
    const { code, stdout } = await runCommand(['list', '--json', '--machine', fixture(name)]);
    expect(schemaErrors(stdout)).toEqual([]);
    expect(code).toBe(0);
  });

  it('puts every device into exactly one group', async () => {
    const { stdout } = await runCommand(['--json', '--machine', fixture('gaming-pc')]);
    const answer = JSON.parse(stdout);
    const members: string[] = answer.groups.flatMap((g: { members: { device: string }[] }) =>
      g.members.map((m) => m.device),
    );
    expect(new Set(members).size).toBe(members.length);
    expect(members.filter((m) => m.startsWith('0000:')).length).toBe(answer.machine.functions);
  });

  it("says which of the kernel's groups can reach each other, where, and for want of which bits", async () => {
    const { stdout } = await runCommand(['--json', '--machine', fixture('intel-switch-without-acs')]);
    const { differences } = JSON.parse(stdout);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ sort: 'joined-by-us', kernelGroups: [4, 5], groups: ['vtd0/0000:02:08.0'] });
    expect(differences[0].says).toBe(
      'groups 4 and 5 of the kernel can reach each other through switch 01:00.0: 02:08.0 and 02:09.0 have no ACS capability',
    );
  });

  it('takes what the policy accepts out of the way', async () => {
    const states = async (...words: string[]): Promise<string[]> => {
      const { stdout } = await runCommand(['--json', '--machine', fixture('intel-no-interrupt-remapping'), ...words]);
      return [...new Set<string>(JSON.parse(stdout).groups.map((g: { assignable: string }) => g.assignable))];
    };
    expect(await states()).toEqual(['no']);
    expect(await states('--accept', 'interrupts')).toEqual(['yes']);
    expect(await states('--policy', 'lab')).toEqual(['yes']);
    expect(await states('--accept', 'isolation_allow=nop2p,nomsi')).toEqual(['yes']);
  });

  it('accepts a single place, and says under which policy it answers', async () => {
    const count = async (...words: string[]): Promise<number> => {
      const { stdout } = await runCommand(['--json', '--machine', fixture('intel-switch-without-acs'), ...words]);
      return JSON.parse(stdout).groups.length;
    };
    const both = ['--accept', 'peer-to-peer@02:08.0,peer-to-peer@0000:02:09.0'];
    expect(await count(...both)).toBeGreaterThan(await count());
    const { stdout } = await runCommand(['--machine', fixture('intel-switch-without-acs'), ...both]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'under policy default+peer-to-peer@02:08.0+peer-to-peer@0000:02:09.0',
    );
  });

  it('prints groups of nothing but bridges only with --all', async () => {
    const words = ['--machine', fixture('gaming-pc')];
    const few = (await runCommand(words)).stdout;
    const all = (await runCommand([...words, '--all'])).stdout;
    expect(few).toContain('00:1c.0 (2)');
    expect(few).not.toContain('vtd0/0000:00:1c.0');
    expect(all).toContain('vtd0/0000:00:1c.0');
    expect(all).not.toContain('not shown');
  });

  it('shows ids where there is room for them', async () => {
    const words = ['--machine', fixture('gaming-pc')];
    expect((await runCommand(words, { env: { COLUMNS: '120' } })).stdout).toContain('[10de:1e87]');
    expect((await runCommand(words)).stdout).not.toContain('[10de:1e87]');
  });

  it('is honest about a machine without an IOMMU', async () => {
    const { stdout } = await runCommand(['--machine', fixture('no-iommu-q35')]);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain('every device that can do DMA can read and write all memory');
    expect(text).toContain('no DMAR, IVRS, IORT or VIOT table');
    expect(text).toContain('--machine');
    const off = (await runCommand(['--machine', fixture('intel-iommu-off')])).stdout.replace(/\s+/g, ' ');
    expect(off).toContain('intel_iommu=');
  });

  it('says what it could not decide, and what would', async () => {
    const { stdout } = await runCommand(['--machine', fixture('without-root')]);
    expect(stdout).toContain('WHAT COULD NOT BE DECIDED');
    expect(stdout).toContain('root');
  });
});
