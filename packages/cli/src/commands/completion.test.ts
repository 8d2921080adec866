import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../command-table.ts';
import { fixture } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';
import { optionModel } from './completion/completion-model.ts';
import { programModel } from './completion.ts';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

describe('the words that shells are given', () => {
  it('come from the table of commands', () => {
    const { commands, globals } = programModel();
    expect(commands.map((c) => c.name)).toEqual(COMMANDS.map((c) => c.name));
    expect(globals.find((o) => o.long === '--accept')?.value?.offer).toContain('peer-to-peer');
    expect(globals.find((o) => o.long === '--accept')?.value?.offer).not.toContain('untranslated');
    expect(globals.find((o) => o.long === '--kernel')?.value?.offer).toContain('6.12');
    expect(globals.find((o) => o.long === '--json')?.value).toBeUndefined();
  });

  it('have one meaning for each option, wherever it stands', () => {
    const { commands, globals } = programModel();
    const seen = new Map<string, string>();
    for (const option of [...globals, ...commands.flatMap((c) => c.options)]) {
      const value = JSON.stringify(option.value ?? null);
      expect(seen.get(option.long) ?? value).toBe(value);
      seen.set(option.long, value);
    }
  });

  it('are read from flags', () => {
    expect(optionModel({ flags: '-o, --output <file>', summary: 's', completes: 'path' }, {})).toEqual({
      short: '-o',
      long: '--output',
      summary: 's',
      value: { name: 'file', offer: 'path' },
    });
    expect(optionModel({ flags: '--no-color', summary: 's' }, {}).value).toBeUndefined();
    expect(
      optionModel({ flags: '--accept <kind[@place]>', summary: 's' }, { 'kind[@place]': ['x'] }).value?.offer,
    ).toEqual(['x']);
  });

  it('of a machine are its devices and groups', async () => {
    const devices = await runCommand(['completion', 'devices', '--machine', fixture('gaming-pc')]);
    expect(devices.stdout).toMatch(/^01:00\.0\t.+$/m);
    const targets = await runCommand(['completion', 'targets', '--machine', fixture('gaming-pc')]);
    expect(targets.stdout).toMatch(/^1\tkernel group of \d devices$/m);
    expect(targets.stdout).toMatch(/^vtd0\/0000:/m);
  });

  it('keep to the schema', async () => {
    const script = await runCommand(['completion', 'bash', '--json']);
    expect(schemaErrors(script.stdout)).toEqual([]);
    const words = await runCommand(['completion', 'devices', '--json', '--machine', fixture('gaming-pc')]);
    expect(schemaErrors(words.stdout)).toEqual([]);
  });

  it('are none for a shell that is not known', async () => {
    const { code, stderr } = await runCommand(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});

/** What each shell offers for a line; the words of the machine come from a stand-in for the command. */
const LINES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['isogroups sho', ['show']],
  ['isogroups --po', ['--policy']],
  ['isogroups --policy ', ['default', 'lab', 'strict']],
  ['isogroups why 01:00.', ['01:00.0', '01:00.1']],
  ['isogroups why 01:00.0 02', ['02:00.0']],
  ['isogroups --machine box why 0', ['07:00.0']],
  ['isogroups completion z', ['zsh']],
  ['isogroups --policy lab completion f', ['fish']],
  ['isogroups --accept peer', ['peer-to-peer']],
  ['isogroups capture --re', ['--redact']],
  ['isogroups why 01:00.0 02:00.0 0', []],
];

describe('a real shell', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'isogroups-completion-test-'));
    const standIn = [
      '#!/bin/sh',
      'case "$*" in',
      "  '--machine box completion devices') printf '07:00.0\\tElsewhere\\n' ;;",
      "  *devices) printf '01:00.0\\tA card: with a colon\\n01:00.1\\tSound\\n02:00.0\\tDisk\\n' ;;",
      'esac',
      '',
    ];
    writeFileSync(join(directory, 'isogroups'), standIn.join('\n'));
    chmodSync(join(directory, 'isogroups'), 0o755);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const run = async (shell: string, args: readonly string[], program: (script: string) => string): Promise<string> => {
    const { stdout } = await runCommand(['completion', shell]);
    writeFileSync(join(directory, 'script'), stdout);
    writeFileSync(join(directory, 'program'), program(join(directory, 'script')));
    const ran = spawnSync(shell, [...args, join(directory, 'program')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${directory}:${process.env.PATH}`, HOME: directory },
      timeout: 20_000,
    });
    expect(ran.stderr).toBe('');
    return ran.stdout;
  };
  const sorted = (text: string): string[] =>
    text
      .split(/\s+/)
      .filter((w) => w !== '')
      .sort();

  it.skipIf(!has('bash'))('bash offers them (skipped where there is no bash)', async () => {
    const program = (script: string): string =>
      [
        `source ${script}`,
        'complete -p isogroups >/dev/null || echo not registered',
        ...LINES.map(([line]) => {
          return `COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _isogroups isogroups; echo "\${COMPREPLY[*]}"`;
        }),
      ].join('\n');
    const answers = (await run('bash', ['--norc'], program)).split('\n');
    LINES.forEach(([line, offered], k) => {
      // What bash has cut off at the last colon stands on the line already.
      const cut = line.slice(line.lastIndexOf(' ') + 1).replace(/[^:]*$/, '');
      expect([line, sorted(answers[k] ?? '')]).toEqual([line, offered.map((w) => w.slice(cut.length))]);
    });
  });

  it.skipIf(!has('fish'))('fish offers them (skipped where there is no fish)', async () => {
    const program = (script: string): string =>
      [
        `source ${script}`,
        ...LINES.map(([line]) => `echo (complete -C '${line}' | string replace -r '\\t.*' '' | string join ' ')`),
      ].join('\n');
    const answers = (await run('fish', ['--no-config'], program)).split('\n');
    LINES.forEach(([line, offered], k) => {
      expect([line, sorted(answers[k] ?? '')]).toEqual([line, [...offered]]);
    });
  });

  it.skipIf(!has('zsh'))('zsh loads it and offers them (skipped where there is no zsh)', async () => {
    // zsh completes only where somebody types: a second one on a pseudo terminal is asked.
    const program = (script: string): string => `
zmodload zsh/zpty
zpty z 'zsh -f -i'
drain() { local line; while zpty -r -t z line; do print -rn -- "$line"; done }
wait_for() { local all='' n=0; while [[ $all != *$1* ]] && (( n++ < 100 )); do sleep 0.1; all+=$(drain); done; print -r -- "$all" }
zpty -w z "PS1=; stty -echo; autoload -Uz compinit; compinit -u -D; source ${script}; LISTMAX=1000; zstyle ':completion:*' insert-unambiguous true; print RE''ADY"
wait_for READY >/dev/null
zpty -w -n z $'isogroups completion z\\t'; sleep 1; drain | tr -d '\\r'; print
zpty -w -n z $'\\x15isogroups --machine box why 0\\t'; sleep 2; drain | tr -d '\\r'; print
zpty -d z
`;
    const shown = await run('zsh', ['-f'], program);
    expect(shown).toContain('zsh');
    expect(shown).toContain('07:00.0');
  });
});
