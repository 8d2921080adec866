/**
 * @module What follows the address in the first line of a device: class, name, ids, revision, programming interface.
 *
 *     PCI bridge [0604]: Maker Switch [1234:abcd] (rev 03) (prog-if 00 [Normal decode])      -nn
 *     PCI bridge: Maker Switch (rev 03)                                                      names
 *     0604: 1234:abcd (rev 03)                                                               -n
 *
 * Programming interface with -v only; the revision is left out when it is 0.
 */
import type { TextRecord } from './device-block.ts';

export interface Heading {
  /** Without white space; empty with `-n`. */
  readonly className: string;
  readonly classNumber: number | undefined;
  readonly interface: number | undefined;
  /** Vendor and device without white space, where they are printed as names. */
  readonly squeezedName: string;
  /** Vendor and device as printed, where they are printed as names. */
  readonly name: string | undefined;
  readonly ids: { readonly vendor: number; readonly device: number } | undefined;
  readonly revision: number | undefined;
  /** The text ends in it: what is missing may have been left out, and the name may be the beginning of one. */
  readonly cut: boolean;
}

const IDS = /^([0-9a-f]{4}):([0-9a-f]{4})$/;
const BRACKETED_IDS = /\[([0-9a-f]{4}):([0-9a-f]{4})\]$/;
/** Of a vendor without a name: `Device 1234:abcd`. */
const NAMELESS_IDS = /^(?:unknown)?device([0-9a-f]{4}):([0-9a-f]{4})$/i;

export function readHeading(record: TextRecord): Heading {
  const { text, squeezed } = record;
  const interfaceAt = squeezed.indexOf('(prog-if');
  const beforeInterface = interfaceAt < 0 ? squeezed : squeezed.slice(0, interfaceAt);
  const revisionAt = beforeInterface.lastIndexOf('(rev');
  const revision = revisionAt < 0 ? undefined : hexIn(/^\(rev([0-9a-f]{2})\)/, beforeInterface.slice(revisionAt));
  const body = revision === undefined ? beforeInterface : beforeInterface.slice(0, revisionAt);

  const colon = body.indexOf(':');
  const classText = colon < 0 ? '' : body.slice(0, colon);
  const deviceText = colon < 0 ? '' : body.slice(colon + 1);
  const numbered = /^(.*)\[([0-9a-f]{4})\]$/.exec(classText);
  const numeric = /^(?:Class)?([0-9a-f]{4})$/.exec(classText);
  const ids = IDS.exec(deviceText) ?? BRACKETED_IDS.exec(deviceText) ?? NAMELESS_IDS.exec(deviceText);
  const isNumeric = ids !== null && IDS.test(deviceText);
  return {
    className: numbered?.[1] ?? (numeric === null ? classText : ''),
    classNumber: hex(numbered?.[2] ?? numeric?.[1]),
    interface: interfaceAt < 0 ? undefined : hexIn(/^\(prog-if([0-9a-f]{2})/, squeezed.slice(interfaceAt)),
    squeezedName: isNumeric ? '' : deviceText.replace(BRACKETED_IDS, ''),
    name: isNumeric ? undefined : printedName(text),
    ids: ids === null ? undefined : { vendor: hex(ids[1]) ?? 0, device: hex(ids[2]) ?? 0 },
    revision,
    cut: record.cut,
  };
}

/** The text between the class and what stands in brackets at the end. */
function printedName(text: string): string | undefined {
  let name = text.slice(text.indexOf(':') + 1);
  for (const bracket of ['(prog-if ', '(rev ']) {
    const at = name.lastIndexOf(bracket);
    if (at >= 0) name = name.slice(0, at);
  }
  const ids = name.lastIndexOf('[');
  if (ids >= 0 && BRACKETED_IDS.test(name.slice(ids).replaceAll(' ', ''))) name = name.slice(0, ids);
  return name.trim() || undefined;
}

function hex(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

function hexIn(pattern: RegExp, text: string): number | undefined {
  return hex(pattern.exec(text)?.[1]);
}
