import { type DendrogramNode, dendrogram, extendPolicy, POLICIES } from '@isogroups/core';
import { analyse } from '@isogroups/pci';
import { simulate } from '@isogroups/simulator';
import { names } from './start.ts';

const machine = simulate(
  'vtd; rp[acs] -> switch(dsp[acs=RR+CR+UF] -> nvme, dsp[acs=RR+CR+UF] -> nic); rp[acs] -> {gpu, audio}',
);
const trusting = extendPolicy(POLICIES.default, [{ kind: 'peer-to-peer' }]);

// A policy that accepts less joins more, so the partitions nest. Nobody keeps that tree: it is computed when asked for.
function show(node: DendrogramNode, depth: number): void {
  const members = names([...node.members].flatMap((party) => machine.functions[party] ?? []));
  if (members !== '') console.log(`${'  '.repeat(depth)}${node.policy}: ${members}`);
  for (const part of node.parts) show(part, depth + 1);
}
const { graph } = analyse(machine.facts());
for (const root of dendrogram(graph, [POLICIES.strict, POLICIES.default, trusting]).roots) show(root, 0);
