/**
 * Every captured machine: the kernel rules must give the kernel's own groups, and what holds of all graphs must hold.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type Interference, membersOf, POLICIES, partition } from '@isogroups/core';
import { openMachine } from '@isogroups/inventory';
import { type Analysis, analyse, comparePartitions, formatAddress, isUnknown, known } from '@isogroups/pci';
import { beforeAll, describe, expect, it } from 'vitest';

interface FixtureFacts {
  readonly groups: Readonly<Record<string, number>>;
}

const fixtures = readdirSync('fixtures', { withFileTypes: true }).filter((e) => e.isDirectory());

describe.each(fixtures.map((e) => e.name))('fixture %s', (name) => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = analyse(await openMachine(`fixtures/${name}/snapshot.tar.gz`));
  });

  it('has the groups that its kernel made', () => {
    const groups = known(analysis.machine.kernel.groups) ?? [];
    const facts = JSON.parse(readFileSync(`fixtures/${name}/machine.json`, 'utf8')) as FixtureFacts;
    expect(Object.fromEntries(groups.flatMap((g) => g.members.map((m) => [m, g.id])))).toEqual(facts.groups);
    const comparison = comparePartitions(analysis.topology, analysis.replay.groupOf, groups);
    if (analysis.machine.functions.some((f) => isUnknown(f.express))) {
      // Not read as root: what decides is not there. The answer must say so instead of being right by luck.
      expect(analysis.outcomes.alternatives.length).toBeGreaterThan(0);
      return;
    }
    expect(comparison.differences.map((d) => formatAddress(analysis.machine.functions[d.function] as never))).toEqual(
      [],
    );
    expect(comparison.numbersEqual).toBe(true);
  });

  it('has groups that only become finer when more is accepted', () => {
    const [strict, standard, lab] = [POLICIES.strict, POLICIES.default, POLICIES.lab].map((p) =>
      partition(analysis.graph, p),
    );
    for (const [coarse, fine] of [
      [strict, standard],
      [standard, lab],
    ]) {
      if (coarse === undefined || fine === undefined) throw new Error('three partitions');
      for (let g = 0; g < fine.groupCount; g++) {
        const groups = new Set(Array.from(membersOf(fine, g), (i) => coarse.groupOf[i]));
        expect(groups.size).toBe(1);
      }
    }
  });

  it('has evidence on every interference, and spans that lie inside', () => {
    const inside = (edge: Interference): boolean =>
      [...edge.actors, ...(edge.reach === 'host' ? [] : edge.reach)].every(
        (s) => s.from >= 0 && s.from < s.to && s.to <= analysis.graph.parties.count,
      );
    for (const edge of analysis.graph.interferences) {
      expect(edge.evidence.length, edge.kind).toBeGreaterThan(0);
      expect(edge.remedies.length, edge.kind).toBeGreaterThan(0);
      expect(inside(edge), JSON.stringify(edge)).toBe(true);
    }
  });
});
