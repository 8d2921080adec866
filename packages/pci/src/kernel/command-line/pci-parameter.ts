/**
 * @module The parameter `pci=`.
 */
import { parseConfigAcs } from './config-acs.ts';
import { parseDeviceSelector } from './device-selector.ts';
import type { OptionsDraft } from './options-draft.ts';

/**
 * Reads the value; options that have nothing to do with isolation are passed over.
 *
 * The kernel cuts at commas before it looks at any option. So inside one option only `;` separates devices, although
 * the code that reads them would take either.
 *
 * @param complain Told of each part that the kernel cannot use.
 */
export function readPci({ pci }: OptionsDraft, value: string, complain: (message: string) => void): void {
  for (const option of value.split(',')) {
    if (option.startsWith(DISABLE_ACS_REDIR)) {
      pci.disableAcsRedir = entries(option.slice(DISABLE_ACS_REDIR.length), parseDeviceSelector, 'a device', complain);
    } else if (option.startsWith(CONFIG_ACS)) {
      pci.configAcs = entries(option.slice(CONFIG_ACS.length), parseConfigAcs, 'of the form bits@device', complain);
    } else if (option.startsWith('noats')) pci.noAts = true;
    else if (option.startsWith('noari')) pci.noAri = true;
    else if (option.startsWith('pcie_scan_all')) pci.pcieScanAll = true;
    else if (option === 'nommconf') pci.noMmConfig = true;
    else if (option === 'bfsort') pci.breadthFirst = true;
    else if (option === 'nobfsort') pci.breadthFirst = false;
    else if (parseDeviceSelector(option) ?? parseConfigAcs(option)) {
      complain(`"${option}" stands alone: the kernel ends a list of devices at a comma, they are separated by ";"`);
    }
  }
}

const DISABLE_ACS_REDIR = 'disable_acs_redir=';
const CONFIG_ACS = 'config_acs=';

/** Entries up to the first that cannot be read, where the kernel stops. A last `;` is harmless. */
function entries<T>(
  value: string,
  parse: (text: string) => T | undefined,
  form: string,
  complain: (message: string) => void,
): readonly T[] {
  const read: T[] = [];
  for (const text of value.replace(/;$/, '').split(';')) {
    const entry = parse(text);
    if (entry === undefined) {
      complain(`"${text}" is not ${form}; the kernel ignores it and what follows`);
      break;
    }
    read.push(entry);
  }
  return Object.freeze(read);
}
