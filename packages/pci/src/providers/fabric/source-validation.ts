/**
 * @module Whether a port validates requester ids. Linux takes a bit that a capability lacks as hard-wired on; ports that
 * implement ACS must implement SV (PCIe 6.0, 6.12.1.1), so where it is missing nothing validates.
 */
import { ACS_SV, acsBitNames } from '../../config-space/acs.ts';
import { type AcsContext, type AcsFinding, acsFinding } from '../../kernel/acs-rule.ts';
import type { Topology } from '../../topology/topology.ts';

export function sourceValidation(topology: Topology, port: number, context: AcsContext): AcsFinding {
  const finding = acsFinding(topology, port, context, ACS_SV);
  if (finding.kind !== 'control' || (finding.control & ACS_SV) !== 0) return finding;
  return { ...finding, isolated: false, missing: acsBitNames(ACS_SV) };
}
