import { describe, expect, it } from 'vitest';
import { smallMachine } from '../../inventory/src/testing/small-machine.ts';
import { temporaryDirectory } from '../../inventory/src/testing/temporary-directory.ts';
import { treeEntries } from '../../inventory/src/testing/tree-entries.ts';
import { COMMANDS } from './command-table.ts';
import { fixture } from './testing/fixtures.ts';
import { runCommand } from './testing/run-command.ts';
import { schemaErrors } from './testing/schema.ts';

const PC = fixture('gaming-pc');

describe('hostile input', () => {
  it('cannot steer the terminal through a name', async () => {
    const card = 'sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0';
    const hostile = { [`${card}/driver`]: { link: '../../../bus/pci/drivers/\u001b]0;owned\u0007evil' } };
    const directory = temporaryDirectory(treeEntries(smallMachine(hostile)));
    const { stdout } = await runCommand(['--machine', directory]);
    expect(stdout).toContain('\\x1b]0;owned');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('usage', () => {
  it('prints help with all commands, exit codes and options', async () => {
    const { code, stdout } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name}`);
    expect(stdout.replace(/\s+/g, ' ')).toContain('0 yes, or done, 1 no, 2 bad usage, 3 the machine cannot be read');
    expect(stdout).toContain('--accept <kind[@place]>');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(COMMANDS.map((c) => c.name))('prints help of %s with its examples and the shared options', async (name) => {
    const { code, stdout } = await runCommand([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('--machine <where>');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints the version', async () => {
    expect((await runCommand(['--version', '--json'])).stdout).toMatch(/^isogroups \d/);
  });

  it.each([
    [['shwo'], 'did you mean isogroups show?'],
    [['01:00.0'], 'did you mean isogroups show 01:00.0?'],
    [['frobnicate'], 'see isogroups --help'],
    [['--polcy', 'lab'], 'did you mean --policy?'],
    [['plan', '1', '--jsn'], 'there is no option --jsn; did you mean --json?'],
    [['plan', '1', '--drivr', 'x'], 'there is no option --drivr; did you mean --driver?'],
    [['verify', '--give-up=c1'], 'there is no option --give-up here; isogroups recover has it'],
    [['--dry-run'], 'there is no option --dry-run here; isogroups plan, claim, release, recover and confirm have it'],
    [['show', '1', '--if-unconfirmd'], 'there is no option --if-unconfirmd; see isogroups show --help'],
    [['release', '-a', 'c1'], 'there is no option -a here; isogroups list and claims have it'],
    [['verify', 'extra'], 'isogroups verify takes no "extra"'],
    [['show'], 'missing required argument "target"'],
    [['--policy', 'lax'], 'choose one of strict, default, lab'],
    [['--accept', 'p2p'], 'is no kind of interference that can be accepted'],
    [['--accept', 'untranslated'], 'cannot be accepted'],
    [['--kernel', 'newest'], 'is no kernel'],
    [['--machine'], 'argument missing'],
  ])('%j is bad usage', async (words, hint) => {
    const { code, stdout, stderr } = await runCommand(words);
    expect(stderr.replace(/\s+/g, ' ')).toContain(hint);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('what cannot be read', () => {
  it('ends with 3 and a sentence', async () => {
    const { code, stdout, stderr } = await runCommand(['--machine', '/does/not/exist']);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^isogroups: There is no \/does\/not\/exist\./);
    expect(stderr).not.toContain('    at ');
  });

  it('is JSON as well with --json', async () => {
    const { code, stdout } = await runCommand(['--machine', '/does/not/exist', '--json']);
    expect(code).toBe(3);
    expect(schemaErrors(stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, kind: 'error', exitCode: 3 });
    expect(schemaErrors((await runCommand(['--json', '--policy', 'lax'])).stdout)).toEqual([]);
  });

  it('takes - from standard input', async () => {
    const text =
      '00:00.0 Host bridge: Intel Corporation Device 0d57\n00:02.0 VGA compatible controller: Intel Corporation Device 1234\n';
    const { code, stdout } = await runCommand(['--machine', '-'], { stdin: text });
    expect(code).toBe(0);
    expect(stdout).toContain('00:02.0');
    expect((await runCommand(['--machine', '-'], { stdin: '' })).code).toBe(3);
  });
});

describe('shared options', () => {
  it('stand before and after the command', async () => {
    const before = await runCommand(['--machine', PC, '--json', 'show', '01:00.0']);
    const after = await runCommand(['show', '01:00.0', '--json', '--machine', PC]);
    expect(before).toEqual(after);
  });

  it('colours only a terminal, and not with --no-color or NO_COLOR', async () => {
    const words = ['--machine', PC];
    const ESC = '\u001b[';
    expect((await runCommand(words, { terminal: 80 })).stdout).toContain(ESC);
    expect((await runCommand(words)).stdout).not.toContain(ESC);
    expect((await runCommand([...words, '--no-color'], { terminal: 80 })).stdout).not.toContain(ESC);
    expect((await runCommand(words, { terminal: 80, env: { NO_COLOR: '1' } })).stdout).not.toContain(ESC);
  });

  it('print the same words with and without colours', async () => {
    const plain = (await runCommand(['--machine', PC])).stdout;
    const dressed = (await runCommand(['--machine', PC], { terminal: 80 })).stdout;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with ESC
    expect(dressed.replace(/\u001b\[[0-9;]*m/g, '')).toBe(plain);
  });

  it('fit a narrow terminal without losing a device', async () => {
    const { stdout } = await runCommand(['--machine', PC], { env: { COLUMNS: '60' } });
    expect(stdout.split('\n').filter((line) => line.length > 60)).toEqual([]);
    for (const device of ['01:00.0', '01:00.3', '02:00.0', '04:00.0']) expect(stdout).toContain(device);
  });

  it('replay the kernel that is asked for', async () => {
    const { stdout } = await runCommand(['--machine', PC, '--json', '--kernel', '7.1']);
    expect(JSON.parse(stdout).machine.rules).toBe('7.1');
  });

  it('tell of an acceptance that names no place of the machine', async () => {
    const { code, stderr } = await runCommand(['--machine', PC, '--accept', 'peer-to-peer@0f:00.0']);
    expect(code).toBe(0);
    expect(stderr).toContain('peer-to-peer@0f:00.0');
  });
});

it('answers "list" when nothing else is asked', async () => {
  expect(await runCommand(['--machine', PC])).toEqual(await runCommand(['list', '--machine', PC]));
});
