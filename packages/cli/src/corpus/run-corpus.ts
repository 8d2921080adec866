/**
 * @module Runs the rules over folders of captured machines and fails where they do not give the kernel's groups.
 *
 * Usage: npm run corpus -- <folder>...
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Examined, examine } from './examine.ts';
import { findMachines } from './find-machines.ts';
import { KNOWN_DEFECTS } from './known-defects.ts';
import { reportText } from './report.ts';
import { tally } from './tally.ts';

/** A file of a collection: `{ "<machine>": "<proof that its capture is defective>" }`. */
const EXCEPTIONS = 'corpus-exceptions.json';

/** @returns the exit code: 0 all right, 1 not, 2 nothing to run over. */
export async function runCorpus(folders: readonly string[], print: (text: string) => void): Promise<0 | 1 | 2> {
  if (folders.length === 0) {
    print('usage: npm run corpus -- <folder>...');
    return 2;
  }
  let passed = 0;
  let failed = 0;
  for (const folder of folders) {
    const found = existsSync(folder) ? findMachines(folder) : [];
    if (found.length === 0) {
      print(`${folder} holds no machine: no snapshot.tar.gz, lspci.txt or sys in it or below`);
      return 2;
    }
    const machines: Examined[] = [];
    for (const each of found) machines.push(await examine(each));
    const result = tally(machines, { ...KNOWN_DEFECTS, ...exceptionsIn(folder) });
    print(`${reportText(folder, result)}\n`);
    passed += result.passed.length;
    failed += result.failed.length;
  }
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function exceptionsIn(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, EXCEPTIONS);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}
