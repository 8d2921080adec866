/**
 * @module Whether a function's requests to its peers are kept from them. Linux' test of ACS with what the hardware itself
 * allows: the graph asks what can happen, not what Linux takes for granted.
 */
import { ACS_CR, ACS_DT, ACS_EC, ACS_RR, ACS_TB, acsBitNames } from '../../config-space/acs.ts';
import { isUnknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { type AcsContext, type AcsFinding, acsFinding } from '../../kernel/acs-rule.ts';
import { PORT } from '../../topology/port-type.ts';
import type { Topology } from '../../topology/topology.ts';

/** The bits that send requests and completions for peers up to the root complex. */
export const REDIRECT: number = ACS_RR | ACS_CR;

export function redirection(topology: Topology, i: number, context: AcsContext, want: number = REDIRECT): AcsFinding {
  const f = topology.machine.functions[i] as PciFunction;
  const finding = topology.isVirtual[i] === 1 ? virtualFinding(f, want) : acsFinding(topology, i, context, want);
  return asHardwareDoes(topology, i, finding, want);
}

/** The same from a physical function to its virtual ones: they make a function that is alone one of several. */
export function redirectionToVirtual(topology: Topology, i: number, context: AcsContext): AcsFinding {
  const finding = redirection(topology, i, context);
  if (finding.kind !== 'single-function') return finding;
  const f = topology.machine.functions[i] as PciFunction;
  return asHardwareDoes(topology, i, virtualFinding(f, REDIRECT), REDIRECT);
}

function asHardwareDoes(topology: Topology, i: number, finding: AcsFinding, want: number): AcsFinding {
  if (finding.kind !== 'control') return finding;
  // A bit that a root port or an endpoint lacks means that there is nothing to redirect. A switch port routes to its peers
  // by address, always, unless the bit is on (PCIe 6.0, 6.12.1.1: switch downstream ports must implement it).
  const off = topology.portType[i] === PORT.downstream ? want & ~finding.control : 0;
  // Egress control lets requests to the ports of its vector pass directly, redirected or not (PCIe 6.0, 6.12.3). Its own
  // port is not in the vector: what would turn back is not its business.
  const egress = (want & REDIRECT) !== 0 && (finding.control & ACS_EC) !== 0;
  // What a device marks as translated passes directly with DT on, unless TB refuses it (PCIe 6.0, 6.12.1.1). Nothing keeps a
  // device that lies about its id from lying about that, ATS or not.
  const direct = (want & ACS_RR) !== 0 && (finding.control & (ACS_RR | ACS_DT | ACS_TB)) === (ACS_RR | ACS_DT);
  if (off === 0 && !egress && !direct) return finding;
  const missing = [
    ...acsBitNames(off | (want & finding.capability & ~finding.control)),
    ...(egress ? ['EC off'] : []),
    ...(direct ? ['DT off'] : []),
  ];
  return { ...finding, isolated: false, missing };
}

/** The most that an open port or function lets pass to peers: plain requests, else completions, else translated requests. */
export function passing(topology: Topology, i: number, finding: AcsFinding): 'requests' | 'completions' | 'translated' {
  if (finding.kind !== 'control' || (finding.control & ACS_EC) !== 0) return 'requests';
  // What a switch port does not implement it does not redirect; elsewhere there is nothing to redirect then.
  const offered = topology.portType[i] === PORT.downstream ? REDIRECT : finding.capability;
  const off = offered & ~finding.control;
  if ((off & ACS_RR) !== 0) return 'requests';
  return (off & ACS_CR) !== 0 ? 'completions' : 'translated';
}

/** Virtual functions have no path to their siblings unless their device implements redirection (SR-IOV 1.1, 2.1.2). */
function virtualFinding(f: PciFunction, want: number): AcsFinding {
  const { acs } = f;
  if (isUnknown(acs)) return { kind: 'unknown', isolated: undefined, unknown: acs };
  if (acs === null) return { kind: 'single-function', isolated: true };
  const { offset, capability, control } = acs;
  if (isUnknown(capability)) return { kind: 'unknown', isolated: undefined, unknown: capability };
  if (isUnknown(control)) return { kind: 'unknown', isolated: undefined, unknown: control };
  const off = want & capability & ~control;
  return { kind: 'control', isolated: off === 0, offset, capability, control, missing: acsBitNames(off) };
}
