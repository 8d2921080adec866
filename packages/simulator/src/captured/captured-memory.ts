/**
 * @module The RAM of a captured machine, from /proc/iomem where root read it.
 */
import { isReadFailure, type MachineTree, readText } from '@isogroups/inventory/parsers';
import type { AddressRange } from '../devices/address-ranges.ts';

const LINE = /^([0-9a-f]{8,16})-([0-9a-f]{8,16}) : System RAM$/;

/** Undefined where nothing tells: no file, or one that shows zeros to those who are not root. */
export function readMemory(tree: MachineTree): readonly AddressRange[] | undefined {
  const text = readText(tree, 'proc/iomem');
  if (isReadFailure(text)) return undefined;
  const found: AddressRange[] = [];
  for (const line of text.split('\n')) {
    const m = LINE.exec(line);
    if (m === null) continue;
    const [base, last] = [Number.parseInt(m[1] as string, 16), Number.parseInt(m[2] as string, 16)];
    if (last > base && Number.isSafeInteger(last)) found.push(Object.freeze({ base, size: last - base + 1 }));
  }
  return found.length === 0 ? undefined : Object.freeze(found);
}
