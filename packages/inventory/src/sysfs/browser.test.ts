import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('an archive is unpacked and read without anything that a browser lacks', async () => {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { createArchiveTree } from './tree/archive-tree.ts';
        export { readMachine } from './sysfs/read-machine.ts';
        export { withMissingFiles } from './capture/missing-files.ts';`,
      resolveDir: here('..'),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['source'],
  });
  expect(outputFiles[0]?.text).not.toMatch(/\bBuffer\b|\bprocess\.|\brequire\(|node:/);
});
