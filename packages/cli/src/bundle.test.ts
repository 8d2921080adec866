import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-table.ts';
import { EXAMPLE } from './sentences/no-iommu.ts';
import { fixture } from './testing/fixtures.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const COMMAND = path('../dist/isogroups.cjs');
const MACHINE = fixture('gaming-pc');

const run = (words: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}) =>
  spawnSync(process.execPath, [COMMAND, ...words], { encoding: 'utf8', input: '', ...options });

/** Through a shell, for redirections. */
const shell = (script: string) =>
  spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, COMMAND, MACHINE },
  });

// `npm test` builds first; vitest alone may run before anything was built.
describe.skipIf(!existsSync(COMMAND))('the bundled command', () => {
  it('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync(path('../package.json'), 'utf8'));
    expect(run(['--version']).stdout).toBe(`isogroups ${version}\n`);
    expect(run(['-V']).stdout).toBe(`isogroups ${version}\n`);
  });

  it('answers about a machine, with names, from any directory', () => {
    const { status, stdout } = run(['--machine', join(process.cwd(), MACHINE)], { cwd: tmpdir() });
    expect(status).toBe(0);
    expect(stdout).toContain('NVIDIA TU104 [GeForce RTX 2080 Rev. A]');
  });

  it.each(['list', 'all'])('brings code that V8 takes, for a quick start: %s', (name) => {
    const filename = path(`../dist/${name}.bundle`);
    const cachedData = readFileSync(`${filename}.cache`);
    const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
    // Built by another version of Node it is refused, and the command compiles as usual.
    expect(script.cachedDataRejected).toBe(false);
  });

  it('starts without that code as well', () => {
    const directory = mkdtempSync(join(tmpdir(), 'isogroups-test-'));
    for (const file of ['isogroups.cjs', 'list.bundle']) copyFileSync(path(`../dist/${file}`), join(directory, file));
    const words = ['--json', '--machine', join(process.cwd(), MACHINE)];
    const ran = spawnSync(process.execPath, [join(directory, 'isogroups.cjs'), ...words], {
      encoding: 'utf8',
      input: '',
    });
    rmSync(directory, { recursive: true });
    expect(JSON.parse(ran.stdout).groups.map((g: { name: string }) => g.name)).toEqual(
      JSON.parse(run(words).stdout).groups.map((g: { name: string }) => g.name),
    );
  });

  it('answers about the machine it runs on', () => {
    const { status, stdout } = run(['--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).machine.source).toBe('live');
  });

  it('passes its exit code on', () => {
    expect(run(['why', '03:00.0', '04:00.0', '--machine', MACHINE]).status).toBe(1);
    expect(run(['why', '01:00.0', '02:00.0', '--machine', MACHINE]).status).toBe(0);
    expect(run(['frobnicate']).status).toBe(2);
    expect(run(['--machine', '/does/not/exist']).status).toBe(3);
  });

  it('has for the listing what a listing needs, and all for the rest', () => {
    expect(run(['list', '--machine', MACHINE]).status).toBe(0);
    const size = (name: string): number => statSync(path(`../dist/${name}.bundle`)).size;
    expect(size('list')).toBeLessThan(size('all') / 2);
    expect(run(['--machine', 'sim: root; port 1: nic']).stderr).not.toContain('not in this bundle');
    for (const { name } of COMMANDS) {
      const { status, stderr } = run([name, '--help']);
      expect([status, stderr], name).toEqual([0, '']);
    }
  });

  it('reaches a reader that takes its time whole', () => {
    const { stdout } = shell('"$NODE" "$COMMAND" --json --machine "$MACHINE" | { sleep 0.2; cat; }');
    expect(stdout).toBe(run(['--json', '--machine', MACHINE]).stdout);
  });

  it('takes a closed pipe for no error', () => {
    const { stdout, stderr } = shell('"$NODE" "$COMMAND" --json --machine "$MACHINE" | head -n 1');
    expect(stdout).toBe('{\n');
    expect(stderr).toBe('');
  });

  it.skipIf(!existsSync('/dev/full'))('does not pass an unwritten answer off as one', () => {
    const { status, stderr } = shell('"$NODE" "$COMMAND" --machine "$MACHINE" > /dev/full');
    expect(status).toBe(70);
    expect(stderr).toContain('could not be written');
  });

  it('writes nothing where it is run', () => {
    const directory = mkdtempSync(join(tmpdir(), 'isogroups-test-'));
    run(['--machine', join(process.cwd(), MACHINE)], { cwd: directory });
    expect(spawnSync('ls', ['-A', directory], { encoding: 'utf8' }).stdout).toBe('');
    rmSync(directory, { recursive: true });
  });
});

it('recommends an example that is there', () => {
  expect(existsSync(path(`../../../${EXAMPLE}`))).toBe(true);
});
