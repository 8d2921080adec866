/**
 * @module The machines that a folder of captures holds, whatever its layout.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface MachineFolder {
  /** Path below the folder that was asked for. */
  readonly name: string;
  readonly kind: 'snapshot' | 'lspci';
  /** What to open. */
  readonly machine: string;
  /** Files beside it that tell more, where they are there. */
  readonly meta: string | undefined;
  readonly groups: string | undefined;
}

const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/;
/** Deep enough for any collection; a folder that contains itself ends here. */
const DEEPEST = 6;

/**
 * A directory with `snapshot.tar.gz`, with `lspci.txt`, or with `sys` in it is a machine, and so is an archive that lies
 * elsewhere. In the order of their names.
 *
 * @throws the error of the file system where the folder itself cannot be read.
 */
export function findMachines(folder: string): readonly MachineFolder[] {
  const found: MachineFolder[] = [];
  const visit = (directory: string, depth: number): void => {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    const names = new Set(entries.map((e) => e.name));
    const beside = (name: string): string | undefined => (names.has(name) ? join(directory, name) : undefined);
    const add = (kind: MachineFolder['kind'], path: string, name = directory): void => {
      const meta = beside('meta.json');
      found.push({ name: relative(folder, name) || '.', kind, machine: path, meta, groups: beside('groups.json') });
    };
    if (names.has('snapshot.tar.gz')) add('snapshot', join(directory, 'snapshot.tar.gz'));
    else if (names.has('lspci.txt')) add('lspci', join(directory, 'lspci.txt'));
    else if (names.has('sys')) add('snapshot', directory);
    else {
      for (const entry of entries) {
        const path = join(directory, entry.name);
        if (entry.isDirectory() && depth < DEEPEST) visit(path, depth + 1);
        else if (entry.isFile() && ARCHIVE.test(entry.name)) add('snapshot', path, path);
      }
    }
  };
  visit(folder, 0);
  return found;
}
