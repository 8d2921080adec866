/**
 * @module Starts worker.ts. A worker thread on Node 20 does not inherit tsx from the command, so it registers it itself.
 */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
