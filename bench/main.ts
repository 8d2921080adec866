/**
 * @module Prints ratios, not verdicts: what isogroups costs beside what people would run instead, in one run. Arguments name
 * the parts to run, all of them without any; `--quick`: small sizes, few rounds.
 */
import { parseArgs } from 'node:util';
import { command } from './command.ts';
import { mapping } from './mapping.ts';
import { hotPlugWithoutFlags, registry } from './registry.ts';
import { router } from './router.ts';
import { scale } from './scale.ts';

const PARTS: Readonly<Record<string, (quick: boolean) => void | Promise<void>>> = {
  command: (quick) => command(quick ? 5 : 25),
  scale,
  mapping,
  registry,
  'hot-plug': hotPlugWithoutFlags,
  router,
};

const { positionals, values } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(', ')}: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const chosen = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name));
for (const [k, [, run]] of chosen.entries()) {
  if (k > 0) console.log();
  await run(values.quick ?? false);
}
