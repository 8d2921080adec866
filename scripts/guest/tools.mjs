/**
 * @module Programs that are called, and the Debian packages that bring them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Debian packages that have to be installed first.
 *
 * @param {Readonly<Record<string, string>>} packages program or file → the package that brings it
 * @returns {string[]}
 */
export function missingPackages(packages) {
  const paths = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const present = (name) =>
    name.startsWith('/') ? existsSync(name) : paths.some((path) => existsSync(join(path, name)));
  return Object.entries(packages).flatMap(([name, debian]) => (present(name) ? [] : [debian]));
}

/**
 * Runs a program to its end and returns what it wrote. Throws when it fails, with its own words.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options] `encoding: 'buffer'` returns bytes
 * @returns {any} text, or bytes
 */
export function run(program, args, options = {}) {
  const env = { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin` };
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\nended with ${status}: ${stderr || stdout}`);
  return stdout;
}
