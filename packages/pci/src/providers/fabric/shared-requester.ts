/**
 * @module Requester ids that functions share for other reasons than a bridge: quirks of devices that use a second id,
 * children of Intel VMD, ids that the IOMMU's tables map onto one.
 */
import type { Interference } from '@isogroups/core';
import { formatRequesterId } from '../../facts/address.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { dmaAliasDoubt } from '../../quirks/dma-alias-quirks.ts';
import { gaps, type Provider, type ProviderInput, single, toSpans } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';

export const sharedRequester: Provider = {
  name: 'PCI fabric: shared requester ids',
  interferences(input) {
    return [...quirkAliases(input), ...doubtfulAliases(input), ...vmdChildren(input), ...mappedTogether(input)];
  },
};

/** Users of one id on one bus: the function that has it by number, and those that a quirk gives it to. */
function* quirkAliases({ topology, aliases }: ProviderInput): Generator<Interference> {
  const { functions } = topology.machine;
  for (let from = 0; from < topology.count; from = topology.busTo[from] as number) {
    const masked = aliases.maskedOnBus(from);
    if (masked.length === 0) continue;
    const users = new Map<number, number[]>();
    for (const i of masked) {
      for (const devfn of aliases.mask(i)) {
        const list = users.get(devfn);
        if (list === undefined) users.set(devfn, [i]);
        else list.push(i);
      }
    }
    for (let i = from; i < (topology.busTo[from] as number); i++)
      users.get((functions[i] as PciFunction).devfn)?.push(i);
    for (const [devfn, sharing] of users) {
      const members = [...new Set(sharing)].sort((a, b) => a - b);
      const user = members[0] as number;
      if (members.length < 2) continue;
      const id = formatRequesterId(((functions[user] as PciFunction).bus << 8) | devfn);
      yield {
        kind: 'same-requester',
        where: { kind: 'device', party: user },
        actors: toSpans(members),
        reach: [],
        mutual: true,
        evidence: [{ kind: 'quirk', party: user, says: `sends under requester id ${id} as well` }],
        remedies: REMEDIES.alias,
      };
    }
  }
}

/** A function whose second ids cannot be known from here may share one with anything on its bus. */
function* doubtfulAliases({ topology, aliases, acsContext }: ProviderInput): Generator<Interference> {
  for (const i of aliases.doubtful) {
    const doubt = dmaAliasDoubt(topology.machine.functions[i] as PciFunction, acsContext.rules);
    if (doubt === undefined) continue;
    const reach = gaps([single(i)], topology.busFrom[i] as number, topology.busTo[i] as number);
    if (reach.length === 0) continue;
    yield {
      kind: 'same-requester',
      where: { kind: 'device', party: i },
      actors: [single(i)],
      reach,
      mutual: false,
      evidence: [{ kind: 'quirk', party: i, says: `may send under other requester ids: ${doubt.why}` }],
      remedies: REMEDIES.alias,
      undecided: { why: doubt.why, decidedBy: doubt.decidedBy },
    };
  }
}

function* vmdChildren({ topology }: ProviderInput): Generator<Interference> {
  const children = new Map<number, number[]>();
  for (const i of topology.vmdChildren) {
    const { dmaDevice } = topology.machine.functions[i] as PciFunction;
    const list = children.get(dmaDevice);
    if (list === undefined) children.set(dmaDevice, [i]);
    else list.push(i);
  }
  for (const [endpoint, members] of children) {
    yield {
      kind: 'same-requester',
      where: { kind: 'device', party: endpoint },
      actors: toSpans(members),
      reach: [single(endpoint)],
      mutual: true,
      evidence: [
        { kind: 'topology', says: 'Intel VMD: requests of its children carry the requester id of the endpoint' },
      ],
      remedies: REMEDIES.together,
    };
  }
}

/** Functions that the IOMMU sees under one id (IVRS alias, stream id). */
function* mappedTogether({ topology, coverage }: ProviderInput): Generator<Interference> {
  if (coverage.seenAs === undefined) return;
  const byId = new Map<string, number[]>();
  for (let i = 0; i < topology.count; i++) {
    const id = coverage.seenAs(i);
    if (id === undefined) continue;
    const list = byId.get(id);
    if (list === undefined) byId.set(id, [i]);
    else list.push(i);
  }
  for (const [id, members] of byId) {
    if (members.length < 2) continue;
    yield {
      kind: 'same-requester',
      where: { kind: 'iommu', name: coverage.units[coverage.unitOf(members[0] as number)]?.name ?? 'iommu' },
      actors: toSpans(members),
      reach: [],
      mutual: true,
      evidence: [{ kind: 'topology', says: `the IOMMU sees all of them as ${id}` }],
      remedies: REMEDIES.alias,
    };
  }
}
