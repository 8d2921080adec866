/**
 * @module What the tests of the lspci parser share.
 */
import { formatAddress, type Machine, type PciFunction } from '@isogroups/pci';
import { nameIndex } from '../../names/name-index.ts';
import { SAMPLE_IDS } from '../../names/testing/sample-ids.ts';
import { textNames } from '../../names/text-names.ts';
import { parseLspciText } from '../parse-lspci-text.ts';

const NAMES = nameIndex(textNames(SAMPLE_IDS));

/** With the names of SAMPLE_IDS. */
export function parse(text: string): Machine {
  return parseLspciText(text, 'lspci text', NAMES);
}

export function at(machine: Machine, address: string): PciFunction {
  const found = machine.functions.find((f) => formatAddress(f) === address);
  if (found === undefined) throw new Error(`${address} is not there`);
  return found;
}

/** Address of the bridge above; null on a root bus. */
export function parentOf(machine: Machine, address: string): string | null {
  const { parent } = at(machine, address);
  return parent < 0 ? null : formatAddress(machine.functions[parent] as PciFunction);
}

/** `lspci text, line 12: …` */
export function messages(machine: Machine): readonly string[] {
  return machine.diagnostics.map((d) => `${d.file}: ${d.message}`);
}
