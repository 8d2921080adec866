/**
 * @module Prints ratios, not verdicts: what isogroups costs beside what people would run instead, in one run.
 */
import { command } from './command.ts';
import { mapping } from './mapping.ts';
import { registry } from './registry.ts';
import { router } from './router.ts';
import { scale } from './scale.ts';

const quick = process.argv.includes('--quick');
await command(quick ? 5 : 25);
console.log();
scale(quick);
console.log();
mapping(quick);
console.log();
registry(quick);
console.log();
router(quick);
