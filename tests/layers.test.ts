import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Each package imports only from those before it. */
const LAYERS = ['core', 'pci', 'inventory', 'simulator', 'host', 'cli'] as const;
const PURE = new Set(['core', 'pci', 'simulator']);
/** What of an impure package a pure one may import. */
const PURE_PARTS = new Set(['@isogroups/inventory/parsers']);
const BUILT_IN = new Set([...builtinModules, ...builtinModules.map((m) => `node:${m}`)]);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => join(e.parentPath, e.name))
    .filter((f) => !/\.test\.ts$|\.contract\.ts$|\/testing\//.test(f));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((m) => m[1] as string);
}

function isPurePart(target: string): boolean {
  const [scope, layer] = target.split('/');
  return scope === '@isogroups' && (PURE.has(layer as string) || PURE_PARTS.has(target));
}

describe.each(LAYERS)('package %s', (layer) => {
  const files = sources(join('packages', layer, 'src'));

  it('imports only from packages before it', () => {
    const before = LAYERS.slice(0, LAYERS.indexOf(layer)).map((l) => `@isogroups/${l}`);
    for (const file of files) {
      for (const target of importsOf(file)) {
        if (target.startsWith('@isogroups/')) expect(before, file).toContain(target.split('/').slice(0, 2).join('/'));
        if (target.startsWith('..')) expect(join(file, '..', target), file).toMatch(new RegExp(`^packages/${layer}/`));
      }
    }
  });

  if (!PURE.has(layer)) return;

  it('has no dependency and no I/O', () => {
    for (const file of files) {
      for (const target of importsOf(file)) {
        expect(BUILT_IN.has(target), `${file} imports ${target}`).toBe(false);
        expect(target.startsWith('.') || isPurePart(target), `${file} imports ${target}`).toBe(true);
      }
    }
  });

  it('bundles for a browser', async () => {
    const { outputFiles, warnings } = await build({
      entryPoints: [`packages/${layer}/src/index.ts`],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      conditions: ['source'],
      write: false,
      logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/\brequire\(|\bprocess\.|\bBuffer\b/);
  });
});
