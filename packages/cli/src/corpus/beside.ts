/**
 * @module What stands beside a capture: the kernel's groups and what else is known of the machine.
 */
import { readFileSync } from 'node:fs';
import type { MachineFolder } from './find-machines.ts';

export interface BesideFacts {
  /** Group of each device, by name. */
  readonly groups: ReadonlyMap<string, number> | undefined;
  /** How much of the machine the capture tells: `full`, `fragment`, `v`, …; undefined where nothing says. */
  readonly level: string | undefined;
  readonly kernel: string | undefined;
  readonly commandLine: string | undefined;
}

/** @throws SyntaxError for JSON that is none: a collection is to be repaired, not guessed at. */
export function readBeside({ meta: metaFile, groups: groupsFile }: MachineFolder): BesideFacts {
  const meta = readObject(metaFile);
  const groups = groupsFile === undefined ? meta?.groups : readObject(groupsFile);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    groups: groups === undefined ? undefined : numbersIn(groups),
    level: text(meta?.level),
    kernel: text(meta?.kernel),
    commandLine: text(meta?.cmdline),
  };
}

function readObject(file: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (file === undefined) return undefined;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function numbersIn(groups: unknown): ReadonlyMap<string, number> {
  const entries = typeof groups === 'object' && groups !== null ? Object.entries(groups) : [];
  return new Map(entries.filter((e): e is [string, number] => typeof e[1] === 'number'));
}
