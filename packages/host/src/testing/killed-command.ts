/**
 * @module A program that kills itself: `killed-command.js <directory> claim|release|recover <effect>`. The kernel is
 * `<directory>/kernel`, the plan `<directory>/plan`, the journal in `<directory>/state`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJournalFile } from '../journal/journal-store.ts';
import type { Plan } from '../plan/plan.ts';
import { claimProtocol } from '../transaction/claim-protocol.ts';
import type { Protocol } from '../transaction/effect.ts';
import { recoverProtocol, releaseProtocol } from '../transaction/return-protocols.ts';
import { createKeptKernel } from './kept-kernel.ts';
import { runUntil } from './stopped.ts';

const [directory = '', action = '', stop = ''] = process.argv.slice(2);
const world = {
  files: createKeptKernel(join(directory, 'kernel')),
  journal: createJournalFile(join(directory, 'state')),
};
const protocols: Readonly<Record<string, () => Protocol<unknown>>> = {
  claim: () => claimProtocol(JSON.parse(readFileSync(join(directory, 'plan'), 'utf8')) as Plan),
  release: () => releaseProtocol('c1', 'released'),
  recover: () => recoverProtocol(Date.now()),
};
const protocol = protocols[action]?.();
if (protocol === undefined) throw new Error(`no action "${action}"`);
const effects = await runUntil(protocol, world, stop === '' ? Number.POSITIVE_INFINITY : Number(stop));
if (stop !== '') process.kill(process.pid, 'SIGKILL');
console.log(effects);
