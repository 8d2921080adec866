import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const TEXT = 'vtd; rp[acs] -> switch(dsp[acs] -> nvme, dsp -> nic); rp -> bridge -> (sound, foobus -> (foo1, foo2))';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'isogroups-simulate-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('isogroups simulate', () => {
  it('shows the machine as a tree', async () => {
    const { code, stdout } = await runCommand(['simulate', TEXT]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^DEVICE +NAME +GROUP +DRIVER +ACS$/m);
    expect(stdout).toMatch(/^0000:00:01\.0 +rp +0 +pcieport +SV\+ RR\+ CR\+ UF\+ TB-$/m);
    expect(stdout).toMatch(/^ {6}0000:03:00\.0 +nvme +5 +nvme +-$/m);
    expect(stdout).toMatch(/^ {6}foo2 +foobus$/m);
  });

  it('answers in JSON as the schema says', async () => {
    const { stdout } = await runCommand(['simulate', '--json', TEXT]);
    expect(schemaErrors(stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'simulate',
      file: null,
      softwareDevices: [{ name: 'foo1', bus: 'foobus' }, { name: 'foo2' }],
      problems: [],
    });
  });

  it('writes a snapshot that other commands read, and that verify finds to be as the kernel would have it', async () => {
    const file = join(directory, 'machine.tar.gz');
    expect((await runCommand(['simulate', TEXT, '-o', file])).code).toBe(0);
    const listed = await runCommand(['list', '--json', '--machine', file]);
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.stdout).machine).toMatchObject({ source: 'snapshot', functions: 10, diagnostics: [] });
    expect((await runCommand(['verify', '--machine', file])).code).toBe(0);
    const again = await runCommand(['simulate', TEXT, '-o', file]);
    expect(again.code).toBe(3);
    expect((await runCommand(['simulate', TEXT, '-o', file, '--force'])).code).toBe(0);
  });

  it('is a machine for every command', async () => {
    const { code, stdout } = await runCommand(['why', '03:00.0', '04:00.0', '--machine', `sim: ${TEXT}`]);
    expect(code).toBe(0);
    expect(stdout).toContain('02:01.0');
    expect((await runCommand(['prove', '--machine', `sim: ${TEXT}`])).code).toBe(0);
  });

  it('points at what is no machine', async () => {
    const { code, stderr } = await runCommand(['list', '--machine', 'sim: vtd; rp -> frob']);
    expect(code).toBe(2);
    expect(stderr).toContain('no machine: expected one of rp,');
    expect(stderr).toContain('\n   vtd; rp -> frob\n              ^\n');
  });
});
