/**
 * @module ACS Source Validation (PCIe 6.0, 6.12.1.1): a root port or switch downstream port with SV on refuses a request
 * from below whose requester id has a bus number outside its Secondary to Subordinate Bus Number range. Completions it
 * lets pass.
 */
import { ACS_SV, PORT } from '@isogroups/pci';
import type { FabricFunction } from '../fabric.ts';

export function validates(port: FabricFunction): boolean {
  if (port.type !== PORT.root && port.type !== PORT.downstream) return false;
  const stated = port.model.vendor?.validates;
  if (stated !== undefined) return stated;
  return port.acs !== undefined && (port.acs.control & ACS_SV) !== 0;
}

/** @param requester segment × 65536 + requester id. */
export function isInRange(port: FabricFunction, requester: number): boolean {
  const bus = (requester >> 8) & 0xff;
  return bus >= port.secondary && bus <= port.subordinate;
}
