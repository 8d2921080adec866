/**
 * @module What a mutated build runs: captured and random machines to the proof, until one fails. Prints one line of JSON.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openMachine } from '@isogroups/inventory';
import { randomDescription, simulate } from '@isogroups/simulator';
import { proveMachine } from '../prove/prove-machine.ts';
import { SPECIAL_MACHINES } from '../prove/special-machines.ts';

/** What a trial found. */
export interface Verdict {
  /** Undefined: the defect survived. */
  readonly caught?: { readonly machine: string; readonly says: string };
  readonly machines: number;
}

async function trial(fixtures: string, seeds: number): Promise<Verdict> {
  let machines = 0;
  const names = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of names) {
    machines++;
    const [says] = proveMachine(await openMachine(join(fixtures, name, 'snapshot.tar.gz'))).failures;
    if (says !== undefined) return { caught: { machine: name, says }, machines };
  }
  for (const [name, machine] of SPECIAL_MACHINES) {
    machines++;
    const [says] = proveMachine(machine()).failures;
    if (says !== undefined) return { caught: { machine: name, says }, machines };
  }
  for (let seed = 1; seed <= seeds; seed++) {
    machines++;
    const [says] = proveMachine(simulate(randomDescription(seed)).facts()).failures;
    if (says !== undefined) return { caught: { machine: `seed ${seed}`, says }, machines };
  }
  return { machines };
}

const [fixtures = 'fixtures', seeds = '1000'] = process.argv.slice(2);
console.log(JSON.stringify(await trial(fixtures, Number(seeds))));
