/**
 * @module How large the address ranges of captured functions are, from their `resource` files. The registers tell where they
 * start and not how long they are.
 */
import { isReadFailure, type MachineTree, readText } from '@isogroups/inventory/parsers';

export interface RangeSizes {
  readonly bars: readonly number[];
  /** All virtual functions together, as the kernel lists them. */
  readonly virtual: readonly number[];
}

const NONE: readonly number[] = Object.freeze([0, 0, 0, 0, 0, 0]);
export const NO_SIZES: RangeSizes = Object.freeze({ bars: NONE, virtual: NONE });

/** Lines of the six registers, of the ROM, and of a physical function's six registers for virtual functions. */
const VIRTUAL_LINES = 7;

/** `undefined` where there is no such file. */
export function readRangeSizes(tree: MachineTree, directory: string): RangeSizes | undefined {
  const text = readText(tree, `${directory}/resource`);
  if (isReadFailure(text)) return undefined;
  const sizes = text.split('\n').map(sizeOf);
  const six = (from: number): readonly number[] => Object.freeze(NONE.map((_, i) => sizes[from + i] ?? 0));
  // Bridges list their windows further down, where these have nothing.
  return Object.freeze({ bars: six(0), virtual: six(VIRTUAL_LINES) });
}

const LINE = /^0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16})$/i;

/** `0x00000000febf0000 0x00000000febf0fff 0x0000000000040200`: first and last byte, flags. */
function sizeOf(line: string): number {
  const m = LINE.exec(line.trim());
  if (m === null) return 0;
  const [first, last] = [BigInt(`0x${m[1]}`), BigInt(`0x${m[2]}`)];
  const size = last > first ? last - first + 1n : 0n;
  return size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : 0;
}
