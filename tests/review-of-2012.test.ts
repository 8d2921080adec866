/**
 * The programs that docs/review-of-2012.md shows are those of examples/review, and print what it shows. UPDATE=1 rewrites
 * both.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { printedBy } from './printed-by.ts';

const DOC = 'docs/review-of-2012.md';
const FOLDER = 'examples/review';
/** A mark that names the program, its text, its output. */
const BLOCK = /<!-- (examples\/review\/\S+\.ts) -->\n```ts\n[\s\S]*?```\n(?:\n```text\n[\s\S]*?```\n)?/g;

async function shown(file: string): Promise<string> {
  const output = await printedBy(file);
  const program = `<!-- ${file} -->\n\`\`\`ts\n${readFileSync(file, 'utf8')}\`\`\`\n`;
  return output === '' ? program : `${program}\n\`\`\`text\n${output}\`\`\`\n`;
}

const doc = readFileSync(DOC, 'utf8');
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `${FOLDER}/${name}`);

it('shows every program', () => {
  expect([...doc.matchAll(BLOCK)].map(([, file]) => file).sort()).toEqual(files.sort());
});

it.each(files)('%s prints what the page shows', async (file) => {
  const now = await shown(file);
  const [block] = [...doc.matchAll(BLOCK)].find(([, name]) => name === file) ?? [];
  if (process.env.UPDATE === '1' && block !== undefined) {
    writeFileSync(
      DOC,
      readFileSync(DOC, 'utf8').replace(block, () => now),
    );
  } else {
    expect(block).toBe(now);
  }
});
