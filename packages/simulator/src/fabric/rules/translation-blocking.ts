/**
 * @module ACS Translation Blocking (PCIe 6.0, 6.12.1.1): a root port or switch downstream port with TB on refuses memory
 * requests from below whose Address Type is not the default.
 */
import { ACS_TB, PORT } from '@isogroups/pci';
import type { FabricFunction } from '../fabric.ts';

export function blocksTranslated(port: FabricFunction): boolean {
  if (port.type !== PORT.root && port.type !== PORT.downstream) return false;
  return port.acs !== undefined && (port.acs.control & ACS_TB) !== 0;
}
