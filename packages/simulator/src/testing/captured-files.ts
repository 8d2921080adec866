/**
 * @module Machines of the repository's fixtures, with their files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type MachineTree, readMachine } from '@isogroups/inventory/parsers';
import type { Machine } from '@isogroups/pci';
import { withMissingFiles } from '../../../inventory/src/capture/missing-files.ts';
import { createArchiveTree } from '../../../inventory/src/tree/archive-tree.ts';

const FIXTURES = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));

export const fixtureNames: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

export function captured(fixture: string): { readonly machine: Machine; readonly tree: MachineTree } {
  const bytes = gunzipSync(readFileSync(`${FIXTURES}${fixture}/snapshot.tar.gz`));
  const tree = withMissingFiles(createArchiveTree(bytes, fixture).tree);
  return { machine: readMachine(tree, { kind: 'snapshot', label: fixture }), tree };
}
