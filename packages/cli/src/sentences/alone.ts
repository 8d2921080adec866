/**
 * @module Why a function is alone in its group: what keeps the others from it.
 */
import { type Analysis, type PciFunction, PORT, redirection } from '@isogroups/pci';
import { acsSentence } from './acs.ts';
import { listNames, nameOf } from './party.ts';

/** A clause about function `i`, without a full stop. */
export function aloneSentence(analysis: Analysis, i: number): string {
  const { topology } = analysis;
  const f = analysis.machine.functions[i] as PciFunction;
  const siblings = (topology.slotTo[i] as number) - (topology.slotFrom[i] as number) > 1;
  const own =
    f.physicalFunction >= 0
      ? `a virtual function of ${nameOf(analysis, f.physicalFunction)}`
      : siblings && topology.multifunction[i] === 1
        ? acsSentence(analysis, i)
        : undefined;
  const ports = guardingPorts(analysis, i);
  if (ports.length === 0) {
    if (own !== undefined) return own;
    if (isPort(analysis, i)) return acsSentence(analysis, i);
    return f.parent < 0
      ? 'nothing else is in its slot on the root bus'
      : `nothing else is below ${nameOf(analysis, f.parent)}`;
  }
  const open = ports.filter((p) => redirection(topology, p, analysis.input.acsContext).isolated !== true);
  if (open.length > 0) {
    const through = `nothing else comes to it through ${listNames(analysis, open)}, or what could is accepted`;
    return own === undefined ? through : `${own}; ${through}`;
  }
  const names = listNames(analysis, ports);
  const guard = `${ports.length === 1 ? 'port' : 'ports'} ${names} above it ${ports.length === 1 ? 'sends' : 'send'} all requests up to the IOMMU`;
  return own === undefined ? guard : `${own}; ${guard}`;
}

function isPort({ topology }: Analysis, i: number): boolean {
  return topology.portType[i] === PORT.root || topology.portType[i] === PORT.downstream;
}

/** The ports above function `i` where requests could have been turned aside, the nearest first. */
export function guardingPorts(analysis: Analysis, i: number): readonly number[] {
  const { functions } = analysis.machine;
  const ports: number[] = [];
  for (let p = (functions[i] as PciFunction).parent; p >= 0; p = (functions[p] as PciFunction).parent) {
    if (isPort(analysis, p)) ports.push(p);
  }
  return ports;
}
