/**
 * @module ACS Translation Blocking (PCIe 6.0, 6.12.1.1): ports that keep out what comes from below marked as translated.
 */
import { ACS_TB } from '../config-space/acs.ts';
import { isUnknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { PORT } from '../topology/port-type.ts';
import type { Topology } from '../topology/topology.ts';

export function blocksTranslated(topology: Topology, port: number): boolean {
  const type = topology.portType[port];
  if (type !== PORT.root && type !== PORT.downstream) return false;
  const { acs } = topology.machine.functions[port] as PciFunction;
  return !isUnknown(acs) && acs !== null && !isUnknown(acs.control) && (acs.control & ACS_TB) !== 0;
}

/** Whether a port above the function does. */
export function isBlockedAbove(topology: Topology, i: number): boolean {
  const { parent } = topology;
  for (let port = parent[i] as number; port >= 0; port = parent[port] as number) {
    if (blocksTranslated(topology, port)) return true;
  }
  return false;
}
