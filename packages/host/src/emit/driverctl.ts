/**
 * @module Commands of driverctl, which binds at each start.
 */
import type { AssignedFunction } from './assigned-function.ts';
import type { Emitted } from './emitted.ts';

export function emitDriverctl(functions: readonly AssignedFunction[]): Emitted {
  return {
    text: functions.map((f) => `driverctl set-override ${f.device} ${f.driver}`).join('\n'),
    notes: [
      'driverctl goes by address alone: after a change of cards another device may have it',
      'it binds at once and one by one, without looking at what the host loses: release the claim first',
    ],
  };
}
