#!/usr/bin/env node
/**
 * @module Entry of the command. `--version` is answered before anything else is loaded.
 */
import { VERSION } from './version.ts';

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`isogroups ${VERSION}\n`);
} else {
  // Not awaited at the top: the bundle is CommonJS, which starts faster than a module.
  void import('./main.ts').then(async ({ main }) => {
    process.exitCode = await main(words, process);
  });
}
