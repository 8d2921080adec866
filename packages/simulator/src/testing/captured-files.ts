/**
 * @module Machines of the repository's fixtures, with their files.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openWithFiles } from '@isogroups/inventory';
import type { MachineTree } from '@isogroups/inventory/parsers';
import type { Machine } from '@isogroups/pci';

const FIXTURES = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));

export const fixtureNames: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

export async function captured(fixture: string): Promise<{ readonly machine: Machine; readonly tree: MachineTree }> {
  const { machine, tree } = await openWithFiles(`${FIXTURES}${fixture}`);
  if (tree === undefined) throw new Error(`${fixture} has no files`);
  return { machine, tree };
}
