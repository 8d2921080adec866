/**
 * @module Reads a pasted error text: which devices and groups it names, and what it means.
 */
import { formatAddress, parseAddress } from '@isogroups/pci';
import { ERROR_PATTERNS, type ErrorPattern } from './error-patterns.ts';

export interface RecognisedError {
  /** The most telling row that matches; undefined where none does. */
  readonly pattern: ErrorPattern | undefined;
  /** `0000:01:00.0`, in the order of the text. */
  readonly devices: readonly string[];
  readonly groups: readonly number[];
}

/** Texts are pasted from anywhere; what is beyond is not looked at. */
const MOST_TEXT = 64 * 1024;

/** Terminals and mail programs break lines anywhere, JSON writes breaks as \n: white space is all the same. */
export function recogniseError(text: string): RecognisedError {
  const looked = text.slice(0, MOST_TEXT).replace(/(?:\\n|\s)+/g, ' ');
  return {
    pattern: ERROR_PATTERNS.find((p) => p.matches.test(looked)),
    devices: devicesIn(looked),
    groups: groupsIn(looked),
  };
}

/** A long address anywhere; a short one only where it stands alone, so that no time of day is taken for one. */
const LONG = /(?<![0-9a-f:])([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])(?![0-9a-f])/gi;
const SHORT = /(?<![0-9a-z:.])([0-9a-f]{1,2}:[0-9a-f]{2}\.[0-7])(?![0-9a-z:.])/gi;
/** `pci_0000_01_00_0`, as libvirt names node devices. */
const NODE_DEVICE = /\bpci_([0-9a-f]{4})_([0-9a-f]{2})_([0-9a-f]{2})_([0-7])\b/gi;
/** `<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>` */
const ADDRESS_ELEMENT =
  /domain=['"]0x([0-9a-f]+)['"]\s+bus=['"]0x([0-9a-f]+)['"]\s+slot=['"]0x([0-9a-f]+)['"]\s+function=['"]0x([0-7])['"]/gi;

function devicesIn(text: string): readonly string[] {
  const found: { readonly at: number; readonly name: string }[] = [];
  const add = (at: number, address: string): void => {
    const parsed = parseAddress(address);
    if (parsed !== undefined) found.push({ at, name: formatAddress(parsed) });
  };
  for (const m of text.matchAll(LONG)) add(m.index, m[1] as string);
  for (const m of text.matchAll(SHORT)) add(m.index, m[1] as string);
  for (const m of text.matchAll(NODE_DEVICE)) add(m.index, `${m[1]}:${m[2]}:${m[3]}.${m[4]}`);
  for (const m of text.matchAll(ADDRESS_ELEMENT)) add(m.index, `${m[1]}:${m[2]}:${m[3]}.${m[4]}`);
  found.sort((a, b) => a.at - b.at);
  return [...new Set(found.map((f) => f.name))];
}

const GROUP = /\bgroup[ :=#]*(\d{1,6})\b|\/dev\/vfio\/(\d{1,6})\b|iommu_groups\/(\d{1,6})\b/gi;

function groupsIn(text: string): readonly number[] {
  const groups = [...text.matchAll(GROUP)].map((m) => Number(m[1] ?? m[2] ?? m[3]));
  return [...new Set(groups)];
}
