/**
 * @module Forged requester ids: only a port with ACS Source Validation checks that the bus number of a request belongs
 * below it. Up to the nearest such port a device can send under the id of any other.
 */
import type { Evidence, Interference, Span } from '@isogroups/core';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { AcsFinding } from '../../kernel/acs-rule.ts';
import { PORT } from '../../topology/port-type.ts';
import { isPort, type Topology } from '../../topology/topology.ts';
import { evidenceOf, undecidedOf } from '../evidence.ts';
import { type GrowingSpan, gaps, grow, NOBODY, type Provider, type ProviderInput, without } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';
import { sourceValidation } from './source-validation.ts';

/** No port on the way validates: the id of anything in the segment can be forged. */
const NONE = -1;
/** On a root bus the root complex itself gives the ids. */
const ROOT_COMPLEX = -2;

export const forgedRequester: Provider = {
  name: 'PCI fabric: forged requester ids',
  interferences(input) {
    const { topology } = input;
    const validator = validators(input);
    const found: Interference[] = [];
    for (let port = 0; port < topology.count; port++) {
      const from = topology.belowFrom[port] as number;
      const to = topology.belowTo[port] as number;
      if (to - from < 2 || validator[from] !== port) continue;
      const actors = forgersBelow(input, validator, port);
      if (actors.length > 0) found.push(belowPort(port, actors, gaps(actors, from, to)));
    }
    const unchecked = uncheckedForgers(input, validator);
    const segments = unchecked.size === 0 ? undefined : spansOfSegments(topology);
    for (const [segment, actors] of unchecked) {
      const edge = wholeSegment(input, actors, segments?.get(segment) ?? NOBODY);
      if (edge !== undefined) found.push(edge);
    }
    return found;
  },
};

/** The nearest port above each function that validates requester ids. */
export function validators({ topology, acsContext }: ProviderInput): Int32Array {
  const { count, parent, portType } = topology;
  const validates = new Uint8Array(count);
  const answer = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const type = portType[i];
    if ((type === PORT.root || type === PORT.downstream) && topology.belowFrom[i] !== topology.belowTo[i]) {
      validates[i] = sourceValidation(topology, i, acsContext).isolated === true ? 1 : 0;
    }
    const above = parent[i] as number;
    if (above < 0) answer[i] = ROOT_COMPLEX;
    else if (validates[above] === 1) answer[i] = above;
    else answer[i] = answer[above] === ROOT_COMPLEX ? NONE : (answer[above] as number);
  }
  return answer;
}

/** What is behind a bridge to conventional PCI, or behind a VMD, has its id replaced there; ports send nothing of their own. */
function canForge({ topology, aliases }: ProviderInput, i: number): boolean {
  return (
    !isPort(topology, i) &&
    aliases.aliasBridgeAbove(i) < 0 &&
    (topology.machine.functions[i] as PciFunction).dmaDevice < 0
  );
}

export function forgersBelow(input: ProviderInput, validator: Int32Array, port: number): readonly Span[] {
  const { belowTo } = input.topology;
  const spans: GrowingSpan[] = [];
  for (let i = input.topology.belowFrom[port] as number; i < (belowTo[port] as number); ) {
    const nearest = validator[i] as number;
    if (nearest !== port) {
      // All below a port that validates is checked there.
      i = belowTo[nearest] as number;
      continue;
    }
    if (canForge(input, i)) grow(spans, i);
    i++;
  }
  return spans;
}

const BUS_NUMBERS_ONLY: readonly Evidence[] = Object.freeze([
  {
    kind: 'topology',
    says: 'source validation at this port tells busses below it from others, not what is below it apart',
  },
]);

function belowPort(port: number, actors: readonly Span[], reach: readonly Span[]): Interference {
  return {
    kind: 'forged-requester',
    where: { kind: 'port', party: port },
    actors,
    reach,
    mutual: true,
    evidence: BUS_NUMBERS_ONLY,
    remedies: REMEDIES.forged,
  };
}

/** Those whose ids no port checks, by segment. */
export function uncheckedForgers(input: ProviderInput, validator: Int32Array): ReadonlyMap<number, readonly Span[]> {
  const { functions } = input.topology.machine;
  const bySegment = new Map<number, GrowingSpan[]>();
  for (let i = validator.indexOf(NONE); i >= 0; i = validator.indexOf(NONE, i + 1)) {
    if (!canForge(input, i)) continue;
    const { segment } = functions[i] as PciFunction;
    const spans = bySegment.get(segment);
    if (spans === undefined) bySegment.set(segment, [{ from: i, to: i + 1 }]);
    else grow(spans, i);
  }
  return bySegment;
}

function wholeSegment(
  input: ProviderInput,
  actors: readonly Span[],
  segment: readonly Span[],
): Interference | undefined {
  const [first] = actors as readonly [Span];
  const reach = without(segment, actors);
  if (reach.length === 0 && actors.length === 1 && first.to - first.from === 1) return undefined;
  const ports = openPorts(input, actors);
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

function spansOfSegments({ machine, count, busTo }: Topology): ReadonlyMap<number, readonly Span[]> {
  const bySegment = new Map<number, GrowingSpan[]>();
  for (let from = 0; from < count; from = busTo[from] as number) {
    const { segment } = machine.functions[from] as PciFunction;
    const spans = bySegment.get(segment);
    const last = spans?.at(-1);
    const to = busTo[from] as number;
    if (spans === undefined) bySegment.set(segment, [{ from, to }]);
    else if (last?.to === from) last.to = to;
    else spans.push({ from, to });
  }
  return bySegment;
}

/** The top-most ports that let forged ids out, a few of them: there may be thousands. */
function openPorts(
  { topology, acsContext }: ProviderInput,
  actors: readonly Span[],
): readonly { readonly port: number; readonly finding: AcsFinding }[] {
  const SHOWN = 8;
  const ports = new Set<number>();
  let asked = 0;
  for (const { from, to } of actors) {
    for (let i = from; i < to && asked < SHOWN * SHOWN; i++, asked++) {
      const port = rootPortOf(topology, i);
      if (port !== i && ports.size < SHOWN) ports.add(port);
    }
  }
  return [...ports].map((port) => ({ port, finding: sourceValidation(topology, port, acsContext) }));
}

function rootPortOf({ parent }: Topology, i: number): number {
  let at = i;
  for (let up = parent[at] as number; up >= 0; up = parent[at] as number) at = up;
  return at;
}
