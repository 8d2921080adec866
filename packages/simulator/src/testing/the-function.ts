/**
 * @module A function that a test knows to be there.
 */
import type { SimulatedFunction } from '../machine/simulated-device.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';

export function theFunction(machine: SimulatedMachine, name: string): SimulatedFunction {
  const found = machine.find(name);
  if (found?.kind !== 'function') throw new Error(`no function ${name}`);
  return found;
}
