/**
 * @module What a program of the examples prints.
 */
import { resolve } from 'node:path';
import { format } from 'node:util';
import { vi } from 'vitest';

/** Runs it once: a program that was run prints nothing when it is imported again. */
export async function printedBy(file: string): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words) => void lines.push(`${format(...words)}\n`));
  try {
    await import(/* @vite-ignore */ resolve(file));
  } finally {
    log.mockRestore();
  }
  return lines.join('');
}
