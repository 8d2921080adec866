/**
 * @module The command: `npm run prove -- [--random <n>] [--seed <first>] [<folder of captured machines>]…`
 *
 * Puts random machines and captured ones to the proof. Exit code 0: no packet got out and every decided interference was
 * shown; 1: not; 2: bad usage.
 */
import { parseArgs } from 'node:util';
import { openMachine } from '@isogroups/inventory';
import { printDescription, randomDescription, simulate } from '@isogroups/simulator';
import { findMachines } from '../../packages/cli/src/corpus/find-machines.ts';
import { type MachineProof, proveMachine } from './prove-machine.ts';
import { SPECIAL_MACHINES } from './special-machines.ts';

const { values, positionals } = parseArgs({
  options: { random: { type: 'string', default: '0' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const random = Number(values.random);
const seed = Number(values.seed);
if (!Number.isSafeInteger(random) || !Number.isSafeInteger(seed) || (random <= 0 && positionals.length === 0)) {
  console.error('usage: npm run prove -- [--random <n>] [--seed <first>] [<folder>]...');
  process.exit(2);
}

let failed = false;

function report(what: string, proofs: readonly (readonly [name: string, proof: MachineProof])[], since: number): void {
  const sum = (count: (proof: MachineProof) => number): number => proofs.reduce((n, [, proof]) => n + count(proof), 0);
  const bad = proofs.filter(([, proof]) => proof.escaped > 0 || proof.unshown > 0);
  failed ||= bad.length > 0;
  for (const [name, proof] of bad.slice(0, 20))
    for (const failure of proof.failures) console.log(`${name}: ${failure}`);
  console.log(
    `${what}: ${sum((p) => p.packets)} packets, ${sum((p) => p.escaped)} escapes; interferences: ${sum((p) => p.shown)} shown, ` +
      `${sum((p) => p.unshown)} not, ${sum((p) => p.undecided)} undecided; ${((Date.now() - since) / 1000).toFixed(1)} s`,
  );
}

report(
  'special machines',
  SPECIAL_MACHINES.map(([name, machine]) => [name, proveMachine(machine())] as const),
  Date.now(),
);
if (random > 0) {
  const since = Date.now();
  const proofs = Array.from({ length: random }, (_, k) => {
    const description = randomDescription(seed + k);
    const proof = proveMachine(simulate(description).facts());
    const isBad = proof.escaped > 0 || proof.unshown > 0;
    return [isBad ? `seed ${seed + k}: ${printDescription(description)}` : `seed ${seed + k}`, proof] as const;
  });
  report(`${random} random machines, seeds ${seed} to ${seed + random - 1}`, proofs, since);
}
for (const folder of positionals) {
  const since = Date.now();
  const proofs: (readonly [string, MachineProof])[] = [];
  for (const { name, machine } of findMachines(folder)) proofs.push([name, proveMachine(await openMachine(machine))]);
  if (proofs.length === 0) {
    console.error(`${folder} holds no machine`);
    process.exit(2);
  }
  report(`${folder}: ${proofs.length} machines`, proofs, since);
}
process.exitCode = failed ? 1 : 0;
