/**
 * @module The parameters `ivrs_ioapic=`, `ivrs_hpet=`, `ivrs_acpihid=`: corrections to AMD's IVRS table by hand.
 */
import { type PciAddress, parseAddress } from '../../facts/address.ts';
import type { KernelWord } from './kernel-words.ts';

/** IOAPIC or HPET `id` sends its interrupts as this function. */
export interface IvrsSpecialOverride {
  readonly id: number;
  readonly address: PciAddress;
}

/** The ACPI device sends its requests as this function. */
export interface IvrsAcpiHidOverride {
  readonly hid: string;
  /** Empty for any. */
  readonly uid: string;
  readonly address: PciAddress;
}

// Newer kernels read `=10@00:14.0`, older ones `[10]=00:14.0`; both forms are still taken.
const BRACKETS = /^\[([^\]]*)\]=(.*)$/s;

/** @param rest What follows `ivrs_ioapic` or `ivrs_hpet` in the word. */
function parseIvrsSpecial(rest: string): IvrsSpecialOverride | undefined {
  const m = BRACKETS.exec(rest);
  const [id, address] = m === null ? splitAt(rest.slice(1)) : [m[1] as string, m[2] as string];
  if ((m === null && !rest.startsWith('=')) || !/^\d{1,3}$/.test(id) || Number(id) > 255) return undefined;
  const parsed = parseAddress(address);
  return parsed && Object.freeze({ id: Number(id), address: Object.freeze(parsed) });
}

/** @param rest What follows `ivrs_acpihid` in the word. Here the brackets hold the address. */
function parseIvrsAcpiHid(rest: string): IvrsAcpiHidOverride | undefined {
  const m = BRACKETS.exec(rest);
  const [name, address] = m === null ? splitAt(rest.slice(1)) : [m[2] as string, m[1] as string];
  if (m === null && !rest.startsWith('=')) return undefined;
  const colon = name.indexOf(':');
  const hid = colon < 0 ? '' : name.slice(0, colon);
  const parsed = parseAddress(address);
  if (hid === '' || hid.length > 8 || parsed === undefined) return undefined;
  return Object.freeze({ hid, uid: name.slice(colon + 1), address: Object.freeze(parsed) });
}

const FORMS = {
  ioapic: 'ivrs_ioapic=ID@[segment:]bus:device.function',
  hpet: 'ivrs_hpet=ID@[segment:]bus:device.function',
  acpihid: 'ivrs_acpihid=HID:UID@[segment:]bus:device.function',
} as const;

export interface IvrsOverrideLists {
  readonly ioapic: IvrsSpecialOverride[];
  readonly hpet: IvrsSpecialOverride[];
  readonly acpiHid: IvrsAcpiHidOverride[];
}

/** Adds what the word says to the lists; a word of another parameter says nothing. */
export function readIvrsOverride(
  lists: IvrsOverrideLists,
  word: KernelWord,
  complain: (message: string) => void,
): void {
  const kind = /^ivrs[_-](ioapic|hpet|acpihid)/.exec(word.name)?.[1] as keyof typeof FORMS | undefined;
  if (kind === undefined) return;
  const rest = word.name.slice('ivrs_'.length + kind.length) + (word.value === undefined ? '' : `=${word.value}`);
  const override = kind === 'acpihid' ? parseIvrsAcpiHid(rest) : parseIvrsSpecial(rest);
  if (override === undefined) complain(`this is not of the form ${FORMS[kind]}`);
  else if ('hid' in override) lists.acpiHid.push(override);
  else lists[kind as 'ioapic' | 'hpet'].push(override);
}

function splitAt(text: string): readonly [string, string] {
  const at = text.indexOf('@');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
