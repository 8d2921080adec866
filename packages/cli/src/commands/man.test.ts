import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS, EXIT_CODES, GLOBAL_OPTIONS } from '../command-table.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';
import { manPage } from './man/man-page.ts';
import { code, prose } from './man/roff.ts';

const page = manPage({ version: '1.2.3', commands: COMMANDS, globals: GLOBAL_OPTIONS, exitCodes: EXIT_CODES });
const GROFF = 'groff';
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

describe('the manual page', () => {
  it('has every command, argument and option', () => {
    for (const command of COMMANDS) {
      expect(page).toContain(`.SS "isogroups ${command.name}"`);
      for (const argument of command.arguments) expect(page).toContain(`\\fI${argument.name}\\fP`);
    }
    for (const option of [...GLOBAL_OPTIONS, ...COMMANDS.flatMap((c) => c.options)]) {
      const long = /--[a-z-]+/.exec(option.flags)?.[0] as string;
      expect(page).toContain(`\\fB${code(long)}\\fP`);
    }
  });

  it('is the same at every build, and is the one that is kept', () => {
    const file = fileURLToPath(new URL('../../man/isogroups.1', import.meta.url));
    const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
    const now = manPage({ version, commands: COMMANDS, globals: GLOBAL_OPTIONS, exitCodes: EXIT_CODES });
    if (process.env.UPDATE === '1') writeFileSync(file, now);
    expect(readFileSync(file, 'utf8')).toBe(now);
  });

  it('is printed by the command', async () => {
    const { code: status, stdout } = await runCommand(['man']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\.\\" Made by/);
    expect(schemaErrors((await runCommand(['man', '--json'])).stdout)).toEqual([]);
  });

  it.skipIf(!has(GROFF))('is clean roff (groff -ww; skipped where there is no groff)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'isogroups-man-test-'));
    try {
      const file = join(directory, 'isogroups.1');
      writeFileSync(file, page);
      const { stderr } = spawnSync(GROFF, ['-ww', '-man', '-Tutf8', file], { encoding: 'utf8' });
      expect(stderr).toBe('');
      const text = execFileSync(GROFF, ['-man', '-Tascii', '-P-c', file], { encoding: 'utf8' });
      expect(text).toContain('--accept');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('text as roff', () => {
  it('cannot begin a request or an escape', () => {
    expect(prose('.SH NAME')).toBe('\\&.SH NAME');
    expect(prose("'tis")).toBe("\\&'tis");
    expect(prose('a\\fBb')).toBe('a\\efBb');
  });

  it('keeps hyphens that are typed', () => {
    expect(code('--no-color')).toBe('\\-\\-no\\-color');
  });
});
