/**
 * @module Forged requester ids: only a port with ACS Source Validation checks that the bus number of a request belongs
 * below it. Up to the nearest such port a device can send under the id of any other.
 */
import type { Evidence, Interference, Span } from '@isogroups/core';
import { ACS_SV } from '../../config-space/acs.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { type AcsFinding, acsFinding } from '../../kernel/acs-rule.ts';
import { PORT } from '../../topology/port-type.ts';
import type { Topology } from '../../topology/topology.ts';
import { evidenceOf, undecidedOf } from '../evidence.ts';
import { gaps, type Provider, type ProviderInput, toSpans } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';

/** No port on the way validates: the id of anything in the segment can be forged. */
const NOBODY = -1;
/** On a root bus the root complex itself gives the ids. */
const ROOT_COMPLEX = -2;

export const forgedRequester: Provider = {
  name: 'PCI fabric: forged requester ids',
  interferences(input) {
    const { topology } = input;
    const validator = validators(input);
    // Forgers of a port as a linked list in flat arrays: a large machine has as many ports as devices.
    const first = new Int32Array(topology.count).fill(-1);
    const next = new Int32Array(topology.count).fill(-1);
    const unchecked = new Map<number, number[]>();
    for (let i = topology.count - 1; i >= 0; i--) {
      const v = validator[i] as number;
      // What is behind a bridge to conventional PCI has its id replaced there; ports send nothing of their own.
      if (v === ROOT_COMPLEX || input.aliases.aliasBridgeAbove(i) >= 0 || isPort(topology, i)) continue;
      if (v === NOBODY) {
        const { segment } = topology.machine.functions[i] as PciFunction;
        const members = unchecked.get(segment);
        if (members === undefined) unchecked.set(segment, [i]);
        else members.push(i);
      } else {
        next[i] = first[v] as number;
        first[v] = i;
      }
    }

    const found: Interference[] = [];
    for (let port = 0; port < topology.count; port++) {
      if ((first[port] as number) < 0) continue;
      const members: number[] = [];
      for (let i = first[port] as number; i >= 0; i = next[i] as number) members.push(i);
      const edge = belowPort(input, port, members);
      if (edge !== undefined) found.push(edge);
    }
    const segments = unchecked.size === 0 ? new Map() : bySegment(topology);
    for (const members of unchecked.values()) {
      const edge = wholeSegment(input, members.reverse(), segments);
      if (edge !== undefined) found.push(edge);
    }
    return found;
  },
};

function isPort(topology: Topology, i: number): boolean {
  return (topology.machine.functions[i] as PciFunction).headerType === 1;
}

/** The nearest port above each function that validates requester ids. */
function validators({ topology, acsContext }: ProviderInput): Int32Array {
  const validates = new Int8Array(topology.count).fill(-1);
  const answer = new Int32Array(topology.count);
  const isValidating = (port: number): boolean => {
    if (validates[port] === -1) {
      const type = topology.portType[port];
      const checks =
        (type === PORT.root || type === PORT.downstream) &&
        acsFinding(topology, port, acsContext, ACS_SV).isolated === true;
      validates[port] = checks ? 1 : 0;
    }
    return validates[port] === 1;
  };
  for (let i = 0; i < topology.count; i++) {
    const { parent } = topology.machine.functions[i] as PciFunction;
    if (parent < 0) answer[i] = ROOT_COMPLEX;
    else if (isValidating(parent)) answer[i] = parent;
    else answer[i] = answer[parent] === ROOT_COMPLEX ? NOBODY : (answer[parent] as number);
  }
  return answer;
}

const BUS_NUMBERS_ONLY: readonly Evidence[] = Object.freeze([
  {
    kind: 'topology',
    says: 'source validation at this port tells busses below it from others, not what is below it apart',
  },
]);

function belowPort(input: ProviderInput, port: number, members: readonly number[]): Interference | undefined {
  const from = input.topology.belowFrom[port] as number;
  const to = input.topology.belowTo[port] as number;
  if (to - from < 2) return undefined;
  const actors = toSpans(members);
  return {
    kind: 'forged-requester',
    where: { kind: 'port', party: port },
    actors,
    reach: gaps(actors, from, to),
    mutual: true,
    evidence: BUS_NUMBERS_ONLY,
    remedies: REMEDIES.forged,
  };
}

/** Functions of each segment, as spans. */
function bySegment(topology: Topology): ReadonlyMap<number, readonly Span[]> {
  const segments = new Map<number, { from: number; to: number }[]>();
  topology.machine.functions.forEach((f, i) => {
    const spans = segments.get(f.segment);
    const last = spans?.at(-1);
    if (spans === undefined) segments.set(f.segment, [{ from: i, to: i + 1 }]);
    else if (last !== undefined && last.to === i) last.to = i + 1;
    else spans.push({ from: i, to: i + 1 });
  });
  return segments;
}

function wholeSegment(
  input: ProviderInput,
  members: readonly number[],
  segments: ReadonlyMap<number, readonly Span[]>,
): Interference | undefined {
  const { segment } = input.topology.machine.functions[members[0] as number] as PciFunction;
  const all = segments.get(segment) ?? [];
  const actors = toSpans(members);
  const reach = all.flatMap((s) =>
    gaps(
      actors.filter((a) => a.from >= s.from && a.to <= s.to),
      s.from,
      s.to,
    ),
  );
  if (members.length < 2 && reach.length === 0) return undefined;
  const ports = openPorts(input, members);
  const undecided = ports.every((p) => p.finding.kind === 'unknown') ? undecidedOf(ports[0]?.finding) : undefined;
  return {
    kind: 'forged-requester',
    where: { kind: 'machine' },
    actors,
    reach,
    mutual: true,
    evidence: ports.map((p) => evidenceOf(p.port, p.finding)),
    remedies: REMEDIES.forged,
    ...(undecided === undefined ? {} : { undecided }),
  };
}

/** The top-most ports that let forged ids out, a few of them: there may be thousands. */
function openPorts(
  { topology, acsContext }: ProviderInput,
  members: readonly number[],
): readonly { readonly port: number; readonly finding: AcsFinding }[] {
  const SHOWN = 8;
  const ports = new Set<number>();
  for (const i of members.slice(0, SHOWN * SHOWN)) {
    const port = rootPortOf(topology, i);
    if (port !== i && ports.size < SHOWN) ports.add(port);
  }
  return [...ports].map((port) => ({ port, finding: acsFinding(topology, port, acsContext, ACS_SV) }));
}

function rootPortOf(topology: Topology, i: number): number {
  let at = i;
  for (let up = (topology.machine.functions[at] as PciFunction).parent; up >= 0; ) {
    at = up;
    up = (topology.machine.functions[at] as PciFunction).parent;
  }
  return at;
}
