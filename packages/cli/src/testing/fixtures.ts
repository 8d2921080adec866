/**
 * @module Machines of the repository, for tests.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `fixtures/gaming-pc/snapshot.tar.gz`, as `--machine` takes it; relative, because the answers show it. */
export function fixture(name: string): string {
  return relative(
    process.cwd(),
    fileURLToPath(new URL(`../../../../fixtures/${name}/snapshot.tar.gz`, import.meta.url)),
  );
}

/**
 * The text kept in golden/<name>.txt. With UPDATE=1 it is rewritten; a missing one is an error otherwise.
 */
export function golden(name: string, actual: string): { readonly expected: string; readonly actual: string } {
  const file = fileURLToPath(new URL(`../golden/${name}.txt`, import.meta.url));
  if (process.env.UPDATE === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  return { expected: existsSync(file) ? readFileSync(file, 'utf8') : `(no ${file}: run with UPDATE=1)`, actual };
}
