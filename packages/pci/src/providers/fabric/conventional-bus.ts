/**
 * @module Conventional PCI: all functions of a bus share its wires, and a bridge that leads to it puts its own requester
 * id on what they send. So an IOMMU can neither see nor separate what is behind such a bridge.
 */
import type { Interference } from '@isogroups/core';
import { formatAddress, formatRequesterId } from '../../facts/address.ts';
import type { Unknown } from '../../facts/fact.ts';
import type { Machine } from '../../facts/machine.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { bridgeRequesterId } from '../../kernel/aliases.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../../topology/port-type.ts';
import { hasBelow, type Topology } from '../../topology/topology.ts';
import { below, type Provider, type ProviderInput, single } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';

export const conventionalBus: Provider = {
  name: 'PCI fabric: conventional busses',
  interferences(input) {
    return [...behindBridges(input), ...conventionalRootBuses(input.topology)];
  },
};

function* behindBridges({ topology, aliases }: ProviderInput): Generator<Interference> {
  for (let i = 0; i < topology.count; i++) {
    if (!hasBelow(topology, i)) continue;
    const bridge = topology.machine.functions[i] as PciFunction;
    const id = bridgeRequesterId(bridge, aliases.bridgeAlias(i));
    if (id !== undefined) {
      yield joinedBy(
        topology,
        i,
        'same-requester',
        `requests from behind it arrive as requester ${formatRequesterId(id)}`,
      );
    } else if (topology.portType[i] === UNKNOWN_TYPE) {
      const { why, decidedBy } = bridge.express as Unknown;
      const says = 'it may be a bridge to conventional PCI, whose requests carry one id';
      yield { ...joinedBy(topology, i, 'same-requester', says), undecided: { why, decidedBy } };
    } else if (topology.portType[i] === PORT.expressToPci) {
      // A bridge that passes requester ids on (AST1150) still leads to a shared bus.
      yield joinedBy(topology, i, 'peer-to-peer', 'a conventional bus: all functions on it share its wires');
    }
  }
}

/** All that is behind a bridge, and the bridge. */
function joinedBy(topology: Topology, bridge: number, kind: Interference['kind'], says: string): Interference {
  return {
    kind,
    where: { kind: 'bridge', party: bridge },
    actors: below(topology, bridge),
    reach: [single(bridge)],
    mutual: true,
    evidence: [{ kind: 'topology', says }],
    remedies: REMEDIES.conventional,
  };
}

/** A root bus is conventional when nothing on it is PCI Express and the machine has no extended configuration space. */
function* conventionalRootBuses(topology: Topology): Generator<Interference> {
  if (!isConventionalMachine(topology.machine)) return;
  for (let from = 0; from < topology.count; ) {
    const to = topology.busTo[from] as number;
    if (topology.onRootBus[from] === 1 && to - from > 1 && allConventional(topology, from, to)) {
      const first = topology.machine.functions[from] as PciFunction;
      yield {
        kind: 'peer-to-peer',
        where: { kind: 'bridge', party: from },
        actors: [{ from, to }],
        reach: [],
        mutual: true,
        evidence: [
          {
            kind: 'topology',
            says: `the bus of host bridge ${formatAddress(first)} is conventional PCI: all on it share its wires`,
          },
        ],
        remedies: REMEDIES.conventional,
      };
    }
    from = to;
  }
}

function isConventionalMachine(machine: Machine): boolean {
  const { mcfg, deviceTree, iort } = machine.firmware;
  return mcfg === null && deviceTree === null && iort === null;
}

function allConventional(topology: Topology, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (topology.portType[i] !== NOT_EXPRESS) return false;
  return true;
}
