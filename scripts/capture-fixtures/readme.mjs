/**
 * @module Writes the table of fixtures/README.md: everything after the line `## The machines`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINES } from './machines.mjs';

const HEADING = '## The machines\n';

/** @param {string} fixtures directory */
export function writeTable(fixtures) {
  const rows = MACHINES.flatMap(({ name }) => {
    const file = join(fixtures, name, 'machine.json');
    if (!existsSync(file)) return [];
    const { shows, kernel } = JSON.parse(readFileSync(file, 'utf8'));
    return [`| \`${name}\` | ${kernel} | ${shows} |`];
  });
  const readme = join(fixtures, 'README.md');
  const [introduction] = readFileSync(readme, 'utf8').split(HEADING);
  const table = ['| name | kernel | what it shows |', '|---|---|---|', ...rows].join('\n');
  writeFileSync(readme, `${introduction}${HEADING}\n${table}\n`);
}
