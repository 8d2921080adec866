/**
 * @module All parsers that are fuzzed. How to add one: see ../target.ts.
 */
import type { FuzzTarget } from '../target.ts';
import { commandLine } from './command-line.ts';
import { configSpace } from './config-space.ts';
import { dmar } from './dmar.ts';
import { fdt } from './fdt.ts';
import { iort } from './iort.ts';
import { ivrs } from './ivrs.ts';
import { language } from './language.ts';
import { lspci } from './lspci.ts';
import { mcfg } from './mcfg.ts';
import { pciIds } from './pci-ids.ts';
import { snapshot } from './snapshot.ts';
import { viot } from './viot.ts';

export const targets: readonly FuzzTarget[] = [
  configSpace,
  dmar,
  ivrs,
  iort,
  viot,
  mcfg,
  fdt,
  commandLine,
  language,
  lspci,
  pciIds,
  snapshot,
];

/** @throws Error where there is none of that name. */
export function targetNamed(name: string): FuzzTarget {
  const target = targets.find((t) => t.name === name);
  if (target === undefined) throw new Error(`no fuzz target ${name}`);
  return target;
}
