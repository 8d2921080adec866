import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const emit = (...words: string[]) => runCommand(['emit', ...words, '--machine', fixture('gaming-pc')]);
const GPU = ['01:00.0', '01:00.1', '01:00.2', '01:00.3'];

describe('isogroups emit', () => {
  it.each(['qemu', 'libvirt', 'cloud-hypervisor', 'udev', 'driverctl'])('%s reads well', async (tool) => {
    const { stdout, code } = await emit(tool, ...GPU);
    const { expected, actual } = golden(`emit-${tool}`, stdout);
    expect(actual).toBe(expected);
    expect(code).toBe(0);
    expect(schemaErrors((await emit(tool, ...GPU, '--json')).stdout)).toEqual([]);
  });

  it('a group means its endpoints', async () => {
    const { devices, notes } = JSON.parse((await emit('qemu', '1', '--json')).stdout);
    expect(devices).toEqual(['0000:01:00.0', '0000:01:00.1', '0000:01:00.2', '0000:01:00.3', '0000:02:00.0']);
    expect(notes).toEqual([]);
  });

  it('says who else of the group has to leave the host', async () => {
    const { notes } = JSON.parse((await emit('qemu', '01:00.0', '--json')).stdout);
    expect(notes[0]).toMatch(/^kernel group 1 has 0000:01:00\.1, .* as well/);
  });

  it.each<[string, string[], string]>([
    ['a tool that is not known', ['qemo', '01:00.0'], 'did you mean qemu?'],
    ['a bridge', ['qemu', '00:1c.0'], 'is a bridge'],
    ['no device', ['qemu'], 'target'],
    ['a user who is none', ['udev', '01:00.0', '--user', 'a"b'], 'no name of a user'],
    ['a bus that is none', ['libvirt', '01:00.0', '--guest-bus', '0'], 'from 1 to 255'],
  ])('refuses %s', async (_, words, says) => {
    const { code, stderr } = await emit(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  it('refuses a claim that the journal does not have', async () => {
    const state = mkdtempSync(join(tmpdir(), 'isogroups-emit-test-'));
    try {
      const { code, stderr } = await runCommand(['emit', 'qemu', 'c7', '--state', state]);
      expect(code).toBe(2);
      expect(stderr).toContain('there is no claim c7');
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });
});
