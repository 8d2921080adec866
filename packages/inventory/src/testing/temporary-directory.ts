/**
 * @module Directories for tests, removed when the test is over.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TreeEntry } from '../tree/memory-tree.ts';

export function temporaryDirectory(entries: readonly TreeEntry[] = []): string {
  const root = mkdtempSync(join(tmpdir(), 'isogroups-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const entry of entries) {
    const place = join(root, entry.path);
    mkdirSync(entry.kind === 'directory' ? place : dirname(place), { recursive: true });
    if (entry.kind === 'file') writeFileSync(place, entry.bytes);
    if (entry.kind === 'link') symlinkSync(entry.target, place);
  }
  return root;
}
