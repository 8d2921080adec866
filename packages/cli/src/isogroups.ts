#!/usr/bin/env node
/**
 * @module Entry of the command. `--version` is answered before anything else is loaded.
 */
import { standardOutput } from './standard-output.ts';
import { VERSION } from './version.ts';

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  standardOutput(process).write(`isogroups ${VERSION}\n`);
} else {
  // Not awaited at the top: the bundle is CommonJS, which starts faster than a module.
  void import('./main.ts').then(async ({ main }) => {
    const host = {
      stdout: standardOutput(process),
      env: process.env,
      // Streams that few commands need are made when they are first looked at.
      get stdin() {
        return process.stdin;
      },
      get stderr() {
        return process.stderr;
      },
    };
    process.exitCode = await main(words, host);
  });
}
