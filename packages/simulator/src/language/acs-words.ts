/**
 * @module ACS registers as people write them: `on`, `off`, `SV+RR`, `on-UF`, `0x1d`; control before capability, with a
 * slash between them: `SV+RR/on`.
 */
import { ACS_DT, ACS_EC, ACS_REQUIRED, ACS_TB, acsBitNames } from '@isogroups/pci';
import type { FunctionOptions } from './description.ts';

type AcsWords = NonNullable<FunctionOptions['acs']>;

/** What a port implements where nothing else is said: SV, TB, RR, CR, UF. */
const IMPLEMENTED = ACS_REQUIRED | ACS_TB;
const ALL = IMPLEMENTED | ACS_EC | ACS_DT;

const NAMED: ReadonlyMap<string, number> = new Map([
  // What Linux switches on when an IOMMU runs.
  ['on', ACS_REQUIRED],
  ['off', 0],
  ['all', ALL],
  ...[0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40].map((bit) => [acsBitNames(bit)[0] as string, bit] as const),
]);

/** `undefined` where the text is none of this. */
export function parseAcs(text: string): AcsWords | undefined {
  const [control, capability, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const on = parseBits(control as string);
  if (on === undefined) return undefined;
  const offered = capability === undefined ? IMPLEMENTED | on : parseBits(capability);
  return offered === undefined ? undefined : Object.freeze({ capability: offered, control: on });
}

function parseBits(text: string): number | undefined {
  let bits = 0;
  for (const term of text.match(/[+-]?[^+-]*/g) ?? []) {
    if (term === '') continue;
    const word = term.replace(/^[+-]/, '');
    const value = /^0x[0-9a-f]{1,4}$/i.test(word) ? Number(word) : NAMED.get(word);
    if (value === undefined) return undefined;
    bits = term.startsWith('-') ? bits & ~value : bits | value;
  }
  return text === '' ? undefined : bits;
}

/** The shortest text that `parseAcs` reads as this. */
export function printAcs({ capability, control }: AcsWords): string {
  const on = printBits(control);
  return capability === (IMPLEMENTED | control) ? on : `${on}/${printBits(capability)}`;
}

function printBits(bits: number): string {
  if (bits === 0) return 'off';
  if (bits === ACS_REQUIRED) return 'on';
  return bits & ~ALL ? `0x${bits.toString(16)}` : acsBitNames(bits).join('+');
}
