/**
 * @module Translated requests under the id of another: where a port blocks what a device with ATS on marks as translated, an
 * IOMMU still admits it under that id. Who can forge the id, or shares it behind a VMD, and sends past no such port, reaches
 * all memory with it.
 */
import type { Evidence, Interference, Span } from '@isogroups/core';
import { isUnknown, known } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { noAts } from '../quirks/ats-quirks.ts';
import { isBlockedAbove } from './blocks-translated.ts';
import { forgersBelow, uncheckedForgers, validators } from './fabric/forged-requester.ts';
import { type GrowingSpan, grow, type Provider, type ProviderInput, toSpans } from './provider.ts';
import { REMEDIES } from './remedies.ts';
import { atsIsOn } from './translated-requests.ts';

export const borrowedTranslation: Provider = {
  name: 'ATS under the id of another',
  interferences(input) {
    const { topology } = input;
    const shielded = topology.maybeAts.filter((i) => hasAtsOn(input, i) && isBlockedAbove(topology, i));
    if (shielded.length === 0) return [];
    const validator = validators(input);
    const unchecked = uncheckedForgers(input, validator);
    const found: Interference[] = [];
    for (const i of shielded) {
      const { dmaDevice } = topology.machine.functions[i] as PciFunction;
      const owner = dmaDevice >= 0 ? dmaDevice : i;
      const forgers: Span[] = dmaDevice >= 0 ? [...sharersOf(input, dmaDevice)] : [];
      for (let port = topology.parent[owner] as number; port >= 0; port = topology.parent[port] as number) {
        if (validator[topology.belowFrom[port] as number] === port)
          forgers.push(...forgersBelow(input, validator, port));
      }
      forgers.push(...(unchecked.get((topology.machine.functions[owner] as PciFunction).segment) ?? []));
      const actors = unblocked(input, forgers);
      if (actors.length > 0) found.push(edge(input, i, actors));
    }
    return found;
  },
};

function hasAtsOn({ topology, aliases }: ProviderInput, i: number): boolean {
  // Conventional PCI cannot carry the mark.
  if (aliases.aliasBridgeAbove(i) >= 0) return false;
  const f = topology.machine.functions[i] as PciFunction;
  const ats = known(f.ats) ?? undefined;
  return ats !== undefined && known(ats.enabled) === true && known(noAts(f)) !== true;
}

/** A VMD and what is behind it send under one id. */
function sharersOf({ topology }: ProviderInput, vmd: number): readonly Span[] {
  const { functions } = topology.machine;
  return toSpans(functions.flatMap((f, i) => (i === vmd || f.dmaDevice === vmd ? [i] : [])));
}

/** Without those on conventional busses, which have no way to mark a request. */
function unblocked({ topology, aliases }: ProviderInput, spans: readonly Span[]): readonly Span[] {
  const left: GrowingSpan[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    for (let i = from; i < to; i++) {
      if (aliases.aliasBridgeAbove(i) < 0 && !isBlockedAbove(topology, i)) grow(left, i);
    }
  }
  return left;
}

function edge({ topology }: ProviderInput, i: number, actors: readonly Span[]): Interference {
  const { ats } = topology.machine.functions[i] as PciFunction;
  const register: readonly Evidence[] = ats === null || isUnknown(ats) ? [] : [atsIsOn(i, ats.offset)];
  const says = 'no port on their way blocks what is marked as translated, and under its requester id they can send it';
  return {
    kind: 'translated-requests',
    where: { kind: 'device', party: i },
    actors,
    reach: 'host',
    mutual: false,
    evidence: [...register, { kind: 'topology', says }],
    remedies: REMEDIES.ats,
  };
}
