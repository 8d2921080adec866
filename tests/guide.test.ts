/**
 * What docs/guide.md shows are the regions of examples/guide.ts, and what each of them prints. UPDATE=1 rewrites both.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { printedBy } from './printed-by.ts';

const DOC = 'docs/guide.md';
const PROGRAM = 'examples/guide.ts';
const REGION = /^\/\/ region (\S+)\n([\s\S]*?)^\/\/ endregion\n/gm;
/** A mark that names the region, its text, what it prints. */
const BLOCK = /<!-- (\S+) -->\n```ts\n[\s\S]*?```\n(?:\n```text\n[\s\S]*?```\n)?/g;
/** What no region prints. */
const MARK = '\u0001';

const program = readFileSync(PROGRAM, 'utf8');
const regions = [...program.matchAll(REGION)].map(([, name = '', text = '']) => ({ name, text: `${text.trim()}\n` }));

/** The program prints a mark before each of its regions. It has to stand in the repository, where its imports are found. */
async function printedByRegions(): Promise<readonly string[]> {
  const folder = mkdtempSync('examples/.guide-');
  try {
    const marked = join(folder, 'guide.ts');
    writeFileSync(
      marked,
      program.replace(REGION, (_, __, text: string) => `console.log('${MARK}');\n${text}`),
    );
    return (await printedBy(marked)).split(`${MARK}\n`).slice(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('shows what the program does', async () => {
  const printed = await printedByRegions();
  const doc = readFileSync(DOC, 'utf8');
  const shown = [...doc.matchAll(BLOCK)];
  expect(shown.map(([, name]) => name)).toEqual(regions.map(({ name }) => name));
  let updated = doc;
  regions.forEach(({ name, text }, k) => {
    const [old = ''] = shown[k] ?? [];
    const output = printed[k] === '' ? '' : `\n\`\`\`text\n${printed[k]}\`\`\`\n`;
    const now = `<!-- ${name} -->\n\`\`\`ts\n${text}\`\`\`\n${output}`;
    if (process.env.UPDATE === '1') updated = updated.replace(old, () => now);
    else expect(old).toBe(now);
  });
  if (updated !== doc) writeFileSync(DOC, updated);
});
