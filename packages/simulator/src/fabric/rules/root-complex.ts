/**
 * @module Peer-to-peer between the root ports of one root complex, before any translation (PCIe 6.0, 1.3.1 and 6.12.1.1):
 * a root complex may route between its ports or not, and root ports of one that can implement Request Redirect. So the bit
 * implemented and off lets a request through; a port without the bit goes to the IOMMU.
 */
import { ACS_CR, ACS_RR, PORT } from '@isogroups/pci';
import type { FabricFunction } from '../fabric.ts';
import { reachesPeers, type Traffic } from './redirection.ts';
import type { Verdict } from './verdict.ts';

const NO_EVIDENCE: Verdict = Object.freeze({
  passes: false,
  because: 'no register says that this root complex routes between its ports',
});

export function routesBetweenPorts(port: FabricFunction, traffic: Traffic): Verdict {
  if (port.type !== PORT.root || port.acs === undefined || port.model.vendor?.redirects !== undefined)
    return NO_EVIDENCE;
  return reachesPeers(port, traffic);
}

/** Whether the root complex can send what the IOMMU let through down to a port: redirection is there for nothing else. */
export function routesAfterTranslation(port: FabricFunction): boolean {
  return port.type === PORT.root && port.acs !== undefined && (port.acs.capability & (ACS_RR | ACS_CR)) !== 0;
}
