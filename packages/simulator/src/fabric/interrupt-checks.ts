/**
 * @module Whether the hardware asks who raises an interrupt: what the firmware says there is for it, and whether the host
 * has switched it on. Written for the model from the tables and the host's words, and not from the rule of the graph, which
 * is held against it. What is not known counts as unchecked.
 */
import { known, type Machine } from '@isogroups/pci';

export function checksInterrupts(machine: Machine): boolean {
  const { firmware, kernel } = machine;
  const isArm = known(kernel.architecture) === 'aarch64' || known(firmware.iort) || known(firmware.deviceTree);
  // A translation service does nothing but look up who writes; units of x86 are off until the host switches them on.
  if (isArm) return hasTranslationService(machine);
  return mayHaveRemappingUnit(machine) && !isRefused(known(kernel.commandLine) ?? '') && isSwitchedOn(machine);
}

/** IORT: a group of services is there to send to. Device tree: the services of all host bridges are of that sort. */
function hasTranslationService({ firmware }: Machine): boolean {
  const iort = known(firmware.iort);
  if (iort) return iort.nodes.filter(({ kind }) => kind === 'its-group').length > 0;
  const bridges = known(firmware.deviceTree)?.hostBridges ?? [];
  return bridges.length > 0 && !bridges.some(({ msiController }) => !/\bits\b|-its/.test(msiController ?? ''));
}

/** A DMAR table has a flag for it (VT-d 3.4, 8.1); units of AMD-Vi always can. Tables that could not be read may tell of some. */
function mayHaveRemappingUnit({ firmware: { dmar, ivrs } }: Machine): boolean {
  if (dmar === null) return ivrs !== null;
  const table = known(dmar);
  return table === undefined || table === null || table.interruptRemapping;
}

function isRefused(commandLine: string): boolean {
  let refused = false;
  for (const word of commandLine.split(/\s+/)) {
    if (word === 'nointremap') refused = true;
    if (!word.startsWith('intremap=')) continue;
    for (const value of word.slice('intremap='.length).split(',')) {
      if (value === 'off' || value === 'on') refused = value === 'off';
    }
  }
  return refused;
}

/** The host says so once, when it starts; it says as well when it could not. */
function isSwitchedOn({ kernel }: Machine): boolean {
  for (const line of known(kernel.log) ?? []) {
    if (line.includes('Enabled IRQ remapping') || line.includes('AMD-Vi: Interrupt remapping enabled')) return true;
    if (/failed to enable irq remapping|(disabling|not enabling) interrupt remapping/i.test(line)) return false;
  }
  return false;
}
