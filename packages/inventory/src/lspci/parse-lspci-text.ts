/**
 * @module The text of lspci as a Machine. Runs in a browser.
 */
import { assembleMachine, type Diagnostic, diagnostic, type Machine } from '@isogroups/pci';
import type { NameIndex } from '../names/name-index.ts';
import { placeFunctions } from './addresses.ts';
import { cutIntoDevices } from './cut-into-devices.ts';
import { describeFunctions } from './function-facts.ts';
import { kernelFacts, UNKNOWN_FIRMWARE } from './kernel-facts.ts';
import { noDeviceMessage } from './other-formats.ts';
import { relateFunctions } from './relate-functions.ts';
import { readTextLines } from './text-lines.ts';

/** A text of garbage must not bury its reader. */
const MOST_DIAGNOSTICS = 100;

/**
 * Reads what `lspci` printed with any of `-v`, `-vv`, `-vvv`, `-n`, `-nn`, `-k`, `-D`, `-P`, `-PP`, `-x`, `-xxx`,
 * `-xxxx`, also as mail programs quote and wrap it and web pages encode it, and cut anywhere. Never throws: what makes
 * no sense is told in the machine's diagnostics (`<label>, line 12`), and a text without a device gives an empty machine
 * with an error among them.
 *
 * What the text does not say is unknown, not absent. A number that is printed as a name only is looked up in `names`;
 * where several share the name it is unknown with candidates.
 */
export function parseLspciText(text: string, label: string, names: NameIndex | undefined): Machine {
  const { blocks, strays } = cutIntoDevices(readTextLines(text));
  const described = describeFunctions(blocks, label, names);
  const { placed, diagnostics: unplaced } = placeFunctions(described, label);
  const related = relateFunctions(placed, label);

  const notDevices = strays.map((line) =>
    diagnostic(
      'warning',
      `${label}, line ${line}`,
      'begins with an address, but names no class of device; passed over',
    ),
  );
  const diagnostics: Diagnostic[] = [
    placed.length === 0 ? [diagnostic('error', label, noDeviceMessage(text))] : [],
    unplaced,
    notDevices,
    described.flatMap((d) => d.diagnostics),
    related.diagnostics,
  ].flat();
  const leftOut = diagnostics.length - MOST_DIAGNOSTICS;
  if (leftOut > 0) {
    diagnostics.splice(
      MOST_DIAGNOSTICS,
      leftOut,
      diagnostic('warning', label, `${leftOut} more findings are left out`),
    );
  }
  return assembleMachine({
    source: { kind: 'lspci', label },
    functions: related.functions,
    rootBuses: undefined,
    others: [],
    firmware: UNKNOWN_FIRMWARE,
    kernel: kernelFacts(placed),
    diagnostics,
  });
}
