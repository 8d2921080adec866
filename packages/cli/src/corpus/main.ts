/**
 * @module Entry of `npm run corpus`.
 */
import { runCorpus } from './run-corpus.ts';

process.exitCode = await runCorpus(process.argv.slice(2), (text) => console.log(text));
