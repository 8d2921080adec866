/**
 * @module Coverage by ARM SMMUs as the IORT table tells: requester id → root complex mappings → stream id of an SMMU.
 */
import type { IortMapping, IortNode, IortTable } from '../../acpi/iort.ts';
import { formatRequesterId } from '../../facts/address.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { Topology } from '../../topology/topology.ts';
import { type Aliases, requesterIds } from '../aliases.ts';
import { type Coverage, type IommuUnit, noCoverage } from './coverage.ts';
import { createStreamOwners } from './stream-owners.ts';

export interface StreamId {
  /** Offset of the SMMU's node. */
  readonly smmu: number;
  readonly id: number;
}

/** Where a requester id of a segment ends; undefined where no chain of mappings reaches an SMMU. */
function streamOf(table: IortTable, segment: number, rid: number): StreamId | undefined {
  const root = table.nodes.find((n) => n.kind === 'root-complex' && n.segment === segment);
  const nodes = new Map(table.nodes.map((n) => [n.offset, n]));
  let node = root;
  let id = rid;
  // A table may link nodes in a circle: no chain is longer than the nodes.
  for (let hops = 0; node !== undefined && hops <= table.nodes.length; hops++) {
    if (node.kind === 'smmu' || node.kind === 'smmu-v3') return { smmu: node.offset, id };
    const mapping = mapId(node, id);
    if (mapping === undefined) return undefined;
    id = mapping.single ? mapping.outputBase : mapping.outputBase + (id - mapping.inputBase);
    node = nodes.get(mapping.outputReference);
  }
  return undefined;
}

/**
 * The mapping that takes an id. Firmware often stores a count where the specification wants count minus one: a hit on
 * the very last id only stands when no later mapping starts there.
 */
function mapId(node: IortNode, id: number): IortMapping | undefined {
  let tentative: IortMapping | undefined;
  for (const [n, m] of node.mappings.entries()) {
    if (node.kind === 'smmu-v3' && n === node.ownMapping) continue;
    if (m.single) {
      if (node.kind === 'named-component' || node.kind === 'root-complex') return tentative ?? m;
      continue;
    }
    if (id < m.inputBase || id > m.inputLast) continue;
    if (tentative !== undefined) {
      if (id !== m.inputBase) continue;
      return m;
    }
    if (id === m.inputLast && m.inputLast > m.inputBase) tentative = m;
    else return m;
  }
  return tentative;
}

export function iortCoverage(topology: Topology, table: IortTable, aliases: Aliases): Coverage {
  const smmus = table.nodes.filter((n) => n.kind === 'smmu' || n.kind === 'smmu-v3');
  if (smmus.length === 0) return noCoverage({ kind: 'no-table', says: 'the IORT table describes no SMMU' });
  const units = smmus.map(
    (n, k): IommuUnit => ({
      kind: 'smmu',
      name: `smmu${k}`,
      kernelName: n.kind === 'smmu-v3' ? `smmu3.0x${n.base.toString(16).padStart(16, '0')}` : undefined,
      table: 'IORT',
      offset: n.offset,
    }),
  );
  const owners = createStreamOwners();
  const streamsOf = (i: number): readonly StreamId[] => {
    const streams: StreamId[] = [];
    for (const rid of requesterIds(topology, aliases, i)) {
      const stream = streamOf(table, (topology.machine.functions[i] as PciFunction).segment, rid);
      // The first id without a mapping ends the walk; what was found before it stays.
      if (stream === undefined) break;
      streams.push(stream);
    }
    return streams;
  };
  const unitOf = (i: number): number => {
    const [first] = streamsOf(i);
    return first === undefined ? -1 : smmus.findIndex((n) => n.offset === first.smmu);
  };
  return {
    units,
    none: undefined,
    undecided: undefined,
    unitOf,
    because(i) {
      const u = unitOf(i);
      const f = topology.machine.functions[i] as PciFunction;
      const rid = formatRequesterId((f.bus << 8) | f.devfn);
      return u < 0
        ? `no mapping of the IORT table takes requester id ${rid} to an SMMU`
        : `the IORT table maps requester id ${rid} to ${(units[u] as IommuUnit).name}`;
    },
    probes: 'driver',
    grows: false,
    seenAs(i) {
      const [first] = streamsOf(i);
      return first === undefined ? undefined : `stream 0x${first.id.toString(16)} of ${units[unitOf(i)]?.name}`;
    },
    probe: (i) => owners.take(i, streamsOf(i)),
  };
}
