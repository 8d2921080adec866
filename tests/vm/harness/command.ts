/**
 * @module The command of isogroups in a guest.
 */
import assert from 'node:assert/strict';
import type { Guest } from './guest.ts';

/** Runs the command, which has to end with this exit code; returns what it printed, on one line a paragraph's text. */
export async function isogroups(guest: Guest, words: string, exitCode = 0): Promise<string> {
  const { code, stdout, stderr } = await guest.run(`isogroups ${words}`);
  assert.equal(code, exitCode, `isogroups ${words}\n${stdout}${stderr}`);
  return unwrapped(stdout + stderr);
}

/** Takes devices and returns the name of the claim. */
export async function claim(guest: Guest, words: string): Promise<string> {
  const text = await isogroups(guest, `claim ${words} --yes`);
  const [, name] = /\bClaim (c\d+):/.exec(text) ?? [];
  assert.ok(name, text);
  return name;
}

/** Lines are broken at the width of a terminal; a sentence is looked for whole. */
function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ');
}
