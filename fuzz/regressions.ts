/**
 * @module Inputs that once broke a parser, kept in `fuzz/regressions/` and tried again by the tests.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Regression {
  readonly target: string;
  /** The input. */
  readonly hex: string;
  /** Seed of the run that found it, and the number of the input in it. */
  readonly seed: number;
  readonly input: number;
  /** What went wrong, in the words of the time. */
  readonly what: string;
}

const FOLDER: string = fileURLToPath(new URL('regressions/', import.meta.url));

export function loadRegressions(): readonly (Regression & { readonly name: string })[] {
  return (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ ...(JSON.parse(readFileSync(FOLDER + name, 'utf8')) as Regression), name }));
}

/** Gives the path of the new file. */
export function saveRegression(regression: Regression): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}${regression.target}-${regression.seed}-${regression.input}.json`;
  writeFileSync(path, `${JSON.stringify(regression, null, 2)}\n`);
  return path;
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
