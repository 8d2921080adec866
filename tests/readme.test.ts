/**
 * What README.md shows is what the command prints: blocks that begin with `$ isogroups …` are run. UPDATE=1 rewrites them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../packages/cli/src/testing/run-command.ts';

const BLOCK = /```\n\$ isogroups (.*)\n([\s\S]*?)```/g;

describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');

  it('shows real output', async () => {
    const blocks = [...readme.matchAll(BLOCK)];
    expect(blocks.length).toBeGreaterThan(1);
    let updated = readme;
    for (const [block, words, shown] of blocks) {
      const { stdout } = await runCommand((words as string).split(' '), { env: { COLUMNS: '80' } });
      if (process.env.UPDATE === '1')
        updated = updated.replace(block, () => `\`\`\`\n$ isogroups ${words}\n${stdout}\`\`\``);
      else expect(stdout).toBe(shown);
    }
    if (updated !== readme) writeFileSync('README.md', updated);
  });

  it('counts the captured machines', () => {
    const machines = readdirSync('fixtures', { withFileTypes: true }).filter((e) => e.isDirectory()).length;
    expect(readme).toContain(`the ${machines} captured machines`);
  });
});
