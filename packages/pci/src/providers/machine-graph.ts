/**
 * @module The interference graph of a machine: what all providers together see.
 */
import type { InterferenceGraph, Parties } from '@isogroups/core';
import { formatAddress } from '../facts/address.ts';
import { isUnknown } from '../facts/fact.ts';
import type { OtherDevice } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { borrowedTranslation } from './borrowed-translation.ts';
import { conventionalBus } from './fabric/conventional-bus.ts';
import { forgedRequester } from './fabric/forged-requester.ts';
import { peers } from './fabric/peers.ts';
import { physicalFunction } from './fabric/physical-function.ts';
import { rootComplex } from './fabric/root-complex.ts';
import { sharedRequester } from './fabric/shared-requester.ts';
import { sharedReset } from './fabric/shared-reset.ts';
import { turnBack } from './fabric/turn-back.ts';
import { firmwareMemory } from './firmware-memory.ts';
import { interrupts } from './interrupts.ts';
import { parent } from './parent.ts';
import type { Provider, ProviderInput } from './provider.ts';
import { translatedRequests } from './translated-requests.ts';
import { untranslated } from './untranslated.ts';

const PROVIDERS: readonly Provider[] = Object.freeze([
  sharedRequester,
  conventionalBus,
  peers,
  physicalFunction,
  turnBack,
  rootComplex,
  untranslated,
  interrupts,
  firmwareMemory,
  translatedRequests,
  borrowedTranslation,
  forgedRequester,
  sharedReset,
  parent,
]);

/** Parties are the functions of the machine, by their index, then its other devices. */
export function buildGraph(input: ProviderInput, providers: readonly Provider[] = PROVIDERS): InterferenceGraph {
  return {
    parties: partiesOf(input),
    interferences: providers.flatMap((p) => p.interferences(input)),
  };
}

function partiesOf({ topology, coverage }: ProviderInput): Parties {
  const { functions, others } = topology.machine;
  const other = (party: number): OtherDevice => others[party - functions.length] as OtherDevice;
  const unitName = (i: number): string | undefined => coverage.units[coverage.unitOf(i)]?.name;
  return {
    count: functions.length + others.length,
    nameOf: (p) => (p < functions.length ? formatAddress(functions[p] as PciFunction) : other(p).name),
    isBridge: (p) => p < functions.length && isBridge(functions[p] as PciFunction),
    unitOf: (p) => {
      if (p < functions.length) return unitName(p);
      const { parent: above } = other(p);
      return above < 0 ? undefined : unitName(above);
    },
  };
}

const HOST_BRIDGE = 0x0600;
const BRIDGE_CLASSES = new Set([0x0604, 0x0607, 0x0609]);

/** By the header's layout; by the class where a listing shows no header. Host bridges have the header of an endpoint. */
function isBridge(f: PciFunction): boolean {
  if (!isUnknown(f.classCode) && f.classCode >> 8 === HOST_BRIDGE) return true;
  if (!isUnknown(f.headerType)) return f.headerType === 1 || f.headerType === 2;
  const code = isUnknown(f.classCode) ? f.classCode.candidates?.[0] : f.classCode;
  return code !== undefined && BRIDGE_CLASSES.has(code >> 8);
}
