/**
 * @module What keeps two devices apart: the ports on both ways up, the functions' own ACS, the IOMMU.
 */
import type { ChainEnd } from '@isogroups/core';
import {
  ACS_UF,
  type Analysis,
  acsBitNames,
  acsFinding,
  interruptIsolation,
  isUnknown,
  type PciFunction,
  PORT,
  portTypeName,
  REDIRECT,
  redirection,
} from '@isogroups/pci';
import { findingSentence } from '../../sentences/acs.ts';
import { guardingPorts } from '../../sentences/alone.ts';
import { nameOf } from '../../sentences/party.ts';

export interface Guarantee {
  readonly party: number;
  readonly sort: 'port' | 'function' | 'iommu' | 'interrupts';
  /** A clause, without a full stop. */
  readonly says: string;
}

const UPSTREAM = REDIRECT | ACS_UF;

export function guarantees(analysis: Analysis, from: number, to: ChainEnd): readonly Guarantee[] {
  const ends = [from, ...(to === 'host' ? [] : [to])].map((party) => ownerOf(analysis, party)).filter((i) => i >= 0);
  const translated = ends.map(
    (party): Guarantee => ({
      party,
      sort: 'iommu',
      says: `the DMA of ${nameOf(analysis, party)} is translated: ${analysis.replay.coverage.because(party)}`,
    }),
  );
  if (to === 'host') return [...translated, ...interruptGuarantee(analysis, from)];
  const redirects = (i: number): boolean =>
    redirection(analysis.topology, i, analysis.input.acsContext, UPSTREAM).isolated === true;
  const ports = [...new Set(ends.flatMap((i) => guardingPorts(analysis, i)))].filter(redirects).sort((a, b) => a - b);
  return [
    ...ports.map((party): Guarantee => ({ party, sort: 'port', says: portSentence(analysis, party) })),
    ...ends.flatMap((i) => functionGuarantee(analysis, i)),
    ...translated,
  ];
}

function interruptGuarantee({ machine, options }: Analysis, party: number): readonly Guarantee[] {
  const isolation = interruptIsolation(machine, options);
  if (isUnknown(isolation) || !isolation.isolated) return [];
  return [{ party, sort: 'interrupts', says: `its interrupts are remapped: ${isolation.because}` }];
}

/** A device without a requester id of its own goes with its parent. */
function ownerOf({ machine, topology }: Analysis, party: number): number {
  return party < topology.count ? party : (machine.others[party - topology.count]?.parent ?? -1);
}

function portSentence(analysis: Analysis, port: number): string {
  const finding = acsFinding(analysis.topology, port, analysis.input.acsContext, UPSTREAM);
  const type = portTypeName(analysis.topology.portType[port] as number);
  const name = `${type} ${nameOf(analysis, port)}`;
  if (finding.kind !== 'control' || !finding.isolated) return `${findingSentence(name, finding)}`;
  const on = acsBitNames(finding.control & finding.capability & UPSTREAM).join(' ');
  const absent = acsBitNames(UPSTREAM & ~finding.capability).join(' ');
  const hardwired =
    absent === ''
      ? ''
      : ` (${absent} ${absent.includes(' ') ? 'are' : 'is'} not implemented, so it never turns such requests aside)`;
  return `${name} redirects upstream: ACS control at 0x${(finding.offset + 6).toString(16)} has ${on === '' ? 'nothing to switch on' : `${on} on`}${hardwired}`;
}

/** Functions of a slot with several: their own ACS, or a vendor's word, keeps them apart. */
function functionGuarantee(analysis: Analysis, i: number): readonly Guarantee[] {
  const { topology, machine } = analysis;
  const type = topology.portType[i];
  const f = machine.functions[i] as PciFunction;
  if (type === PORT.root || type === PORT.downstream) {
    const guards = redirection(topology, i, analysis.input.acsContext, UPSTREAM).isolated === true;
    return guards ? [{ party: i, sort: 'function', says: portSentence(analysis, i) }] : [];
  }
  if (f.physicalFunction >= 0) {
    if (redirection(topology, i, analysis.input.acsContext).isolated !== true) return [];
    return [
      {
        party: i,
        sort: 'function',
        says: `${nameOf(analysis, i)} is a virtual function and has no way to its siblings`,
      },
    ];
  }
  const siblings = (topology.slotTo[i] as number) - (topology.slotFrom[i] as number);
  if (siblings > 1) {
    const finding = redirection(topology, i, analysis.input.acsContext);
    if (finding.isolated !== true) return [];
    return [{ party: i, sort: 'function', says: findingSentence(nameOf(analysis, i), finding) }];
  }
  return f.parent >= 0
    ? []
    : [{ party: i, sort: 'function', says: `${nameOf(analysis, i)} is alone in its slot on the root bus` }];
}
