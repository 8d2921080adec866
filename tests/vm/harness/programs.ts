/**
 * @module Programs of this system for the guest, each with the libraries that it is linked with.
 */
import { cpSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../../../scripts/guest/tools.mjs';

/**
 * @param root of the guest's file system
 * @param program path on this system
 * @param target path in the guest
 */
export function addProgram(root: string, program: string, target: string = program): void {
  copy(realpathSync(program), join(root, target));
  for (const library of librariesOf(program)) {
    if (!existsSync(join(root, library))) copy(realpathSync(library), join(root, library));
  }
}

/** Paths as the loader will ask for them. */
function librariesOf(program: string): string[] {
  return [...run('ldd', [program]).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path as string);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
