/**
 * @module The registers that groups hang on, as they are when a claim is made: a claim says later which have changed.
 */
import { type Analysis, formatAddress, isUnknown, type PciFunction } from '@isogroups/pci';

/** `0000:00:1c.0 ACS control` to `0x001d`, for the parties and every bridge above them. */
export function readRegisters({ machine }: Analysis, parties: readonly number[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const seen = new Set<number>();
  for (const party of parties) {
    for (let i = party; i >= 0 && !seen.has(i); i = machine.functions[i]?.parent ?? -1) {
      seen.add(i);
      const f = machine.functions[i];
      if (f !== undefined) Object.assign(found, registersOf(f));
    }
  }
  return found;
}

function registersOf(f: PciFunction): Record<string, string> {
  const name = formatAddress(f);
  const found: Record<string, string> = {};
  if (!isUnknown(f.acs) && f.acs !== null && !isUnknown(f.acs.control)) {
    found[`${name} ACS control`] = `0x${f.acs.control.toString(16).padStart(4, '0')}`;
  }
  if (!isUnknown(f.ats) && f.ats !== null && !isUnknown(f.ats.enabled)) {
    found[`${name} ATS`] = f.ats.enabled ? 'on' : 'off';
  }
  return found;
}
