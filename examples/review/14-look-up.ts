import { start } from './start.ts';

// One device right below a root port, and one below nine switches.
const deep = `${'switch(dsp[acs] -> '.repeat(9)}nic${')'.repeat(9)}`;
const { registry, device } = start(`vtd; rp[acs] -> nvme; rp[acs] -> ${deep}`);
const near = device('nvme');
const far = device('nic');

let depth = 0;
for (let up = far.parent; up !== undefined; up = up.parent) depth++;
console.log(`${depth} bridges above the network card`);

/** Nanoseconds a look-up, the best of some rounds. */
function cost(what: typeof near): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 30; round++) {
    const begin = performance.now();
    for (let k = 0; k < 100_000; k++) if (registry.groupOf(what) === undefined) throw new Error('no group');
    best = Math.min(best, (performance.now() - begin) * 10);
  }
  return best;
}
const [shallow, buried] = [cost(near), cost(far)];
console.log(`less than 200 ns, near and far: ${shallow < 200 && buried < 200}`);
console.log(`nothing is walked: ${buried < 10 * shallow}`);
