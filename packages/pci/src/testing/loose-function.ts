/**
 * @module Functions in one word, before they are part of a machine.
 */
import { parseAddress } from '../facts/address.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import type { Machine } from '../facts/machine.ts';
import { loosen } from '../registry/loosen.ts';
import { machineOf, port } from './build-machine.ts';

const [ANY] = loosen(machineOf([port('00:00.0')])) as readonly [LooseFunction];

/** `00:1c.0`, or `01:00.0 < 00:1c.0` for what is below a bridge. The rest is the same for all. */
export function looseFunction(text: string, more: Partial<LooseFunction> = {}): LooseFunction {
  const [name = '', parentAddress = null] = text.split(' < ');
  const address = parseAddress(name);
  if (address === undefined) throw new Error(`"${name}" is no address`);
  return { ...ANY, ...address, parentAddress, ...more };
}

const { functions: _, ...EMPTY } = machineOf([]);

/** A machine without functions. */
export const PARTS: Omit<Machine, 'functions' | 'others'> & { readonly others: readonly [] } = {
  ...EMPTY,
  others: [],
};
