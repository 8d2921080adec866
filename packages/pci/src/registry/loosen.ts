/**
 * @module The inverse of `assembleMachine`: functions with names again in place of indices.
 */
import { formatAddress } from '../facts/address.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';

/** The functions of a machine, in its order. */
export function loosen({ functions }: Machine): readonly LooseFunction[] {
  const name = (i: number): string | null => (i < 0 ? null : formatAddress(functions[i] as PciFunction));
  return functions.map(({ parent, physicalFunction, dmaDevice, ...own }) => ({
    ...own,
    parentAddress: name(parent),
    physicalFunctionAddress: name(physicalFunction),
    dmaDeviceAddress: name(dmaDevice),
  }));
}
