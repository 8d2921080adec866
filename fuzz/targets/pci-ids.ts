/** @module The text of pci.ids. */
import { parsePciIds } from '../../packages/inventory/src/names/pci-ids.ts';
import { checkDiagnostics } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';

const TEXT = `#	Version: 2026.01.01
8086  Intel Corporation
	10d3  82574L Gigabit Network Connection
		103c 1785  NC112i 1-port Ethernet Server Adapter
	9d10  Sunrise Point-LP PCI Express Root Port #1
10de  NVIDIA Corporation
C 01  Mass storage controller
	08  Non-Volatile memory controller
		02  NVM Express
`;

export const pciIds: FuzzTarget = {
  name: 'pci-ids',
  seeds: () => [new TextEncoder().encode(TEXT)],
  dictionary: ['\t', '\t\t', 'C ', '\n', '#'].map((w) => new TextEncoder().encode(w)),
  run(bytes) {
    const text = new TextDecoder().decode(bytes);
    checkDiagnostics(parsePciIds(text, 'pci.ids').diagnostics, 'pci.ids', text.length);
  },
};
