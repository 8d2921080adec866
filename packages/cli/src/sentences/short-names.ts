/**
 * @module From the full address that data carries to the name that texts show.
 */
import { type Analysis, formatAddress } from '@isogroups/pci';
import { nameOf } from './party.ts';

/** A function that shortens `0000:01:00.0` where the machine has only segment 0, and returns anything else as it is. */
export function shortNames(analysis: Analysis): (device: string) => string {
  const short = new Map(analysis.machine.functions.map((f, i) => [formatAddress(f), nameOf(analysis, i)]));
  return (device) => short.get(device) ?? device;
}
