import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { inertMachine } from '../testing/inert-machine.ts';
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
    expect(notes.filter((note: string) => note.includes('kernel group'))).toEqual([]);
  });

  it('says who is not with VFIO yet, to those who start guests', async () => {
    const handedOver = JSON.parse((await emit('qemu', '01:00.0', '01:00.1', '--json')).stdout).notes.join('\n');
    expect(handedOver).not.toContain('isogroups claim');
    const notes = async (tool: string) => JSON.parse((await emit(tool, '01:00.2', '01:00.3', '--json')).stdout).notes;
    expect(await notes('qemu')).toEqual(
      expect.arrayContaining([
        '0000:01:00.2 is bound to xhci_hcd: isogroups claim 0000:01:00.2 hands it over',
        '0000:01:00.3 has no driver: isogroups claim 0000:01:00.3 hands it over',
      ]),
    );
    expect((await notes('driverctl')).join('\n')).not.toContain('isogroups claim');
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

  it('a claim means its members, but not the virtual functions that went away for it', async () => {
    const member = (device: string, target: string | null) => ({ device, target, kernelGroup: 2 });
    const at = '2026-01-01T00:00:00.000Z';
    const opened = {
      kind: 'opened',
      at,
      claim: 'c1',
      members: [member('0000:01:00.0', 'vfio-pci'), member('0000:01:00.1', 'vfio-pci'), member('0000:01:10.0', null)],
    };
    const journal = (...more: readonly object[]) =>
      [opened, { kind: 'committed', at, claim: 'c1' }, ...more].map((record) => JSON.stringify(record)).join('\n');
    const ask = (text: string) => {
      const root = inertMachine({ 'state/journal': text });
      return runCommand(['emit', 'qemu', 'c1', '--machine', root, '--state', join(root, 'state')]);
    };
    const { stdout, code } = await ask(journal());
    expect(code).toBe(0);
    expect(stdout).toContain('host=0000:01:00.0,bus=isogroups1,addr=00.0,multifunction=on');
    expect(stdout).not.toContain('0000:01:10.0');
    const ended = await ask(journal({ kind: 'ended', at, claim: 'c1', because: 'released', differences: [] }));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('claim c1 has ended');
  });

  it('refuses a claim that the journal does not have', async () => {
    const root = inertMachine();
    const { code, stderr } = await runCommand([
      'emit',
      'qemu',
      'c7',
      '--machine',
      root,
      '--state',
      join(root, 'state'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no claim c7');
  });
});
