import { readdirSync } from 'node:fs';
import { extendPolicy, type InterferenceGraph, membersOf, type Partition, POLICIES, partition } from '@isogroups/core';
import { openMachine } from '@isogroups/inventory';
import { type Analysis, analyse } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { simulate } from '../machine/simulate.ts';
import { givenGroups } from './given-groups.ts';
import { prove } from './prove.ts';
import { subjectOf } from './subject.ts';

const FIXTURES = 'fixtures';
const names = readdirSync(FIXTURES).filter((name) => !name.includes('.'));
const analysed = async (name: string): Promise<Analysis> => analyse(await openMachine(`${FIXTURES}/${name}`));

describe('every captured machine', () => {
  it.each(names)('%s: no packet gets out, every interference is shown', async (name) => {
    const analysis = await analysed(name);
    const subject = subjectOf(analysis);
    for (const policy of [POLICIES.strict, POLICIES.default, POLICIES.lab]) {
      const proof = prove(subject, partition(analysis.graph, policy));
      expect(proof.escapes, policy.name).toEqual([]);
      expect(proof.unshown, policy.name).toEqual([]);
      expect(proof.attempts).toBeGreaterThan(0);
    }
  });
});

describe('a graph that is wrong', () => {
  const without = (graph: InterferenceGraph, kind: string): InterferenceGraph => ({
    ...graph,
    interferences: graph.interferences.filter((e) => e.kind !== kind),
  });
  const proofWithout = async (name: string, kind: string) => {
    const analysis = await analysed(name);
    const graph = without(analysis.graph, kind);
    return prove({ ...subjectOf(analysis), graph }, partition(graph, POLICIES.strict));
  };

  it.each([
    ['peer-to-peer', 'intel-switch-without-acs', 'function'],
    ['same-requester', 'intel-pcie-to-pci-bridge', 'domain'],
    ['interrupts', 'intel-no-interrupt-remapping', 'interrupts'],
    ['untranslated', 'intel-bypassed-host-bridge', 'host-memory'],
    ['translated-requests', 'intel-ats-device', 'host-memory'],
    ['forged-requester', 'intel-switch-with-empty-acs', 'domain'],
  ])('by leaving out %s is found on %s', async (kind, name, reached) => {
    const proof = await proofWithout(name, kind);
    expect(proof.escaped).toBeGreaterThan(0);
    expect(proof.escapes.map((e) => e.reached.kind)).toContain(reached);
  });

  it('by claiming what no packet shows is found', async () => {
    const analysis = await analysed('intel-switch-with-acs');
    const { graph } = analysis;
    const last = graph.parties.count - 1;
    const false_ = {
      ...(analysis.graph.interferences[0] as (typeof graph.interferences)[number]),
      kind: 'peer-to-peer' as const,
      actors: [{ from: last, to: last + 1 }],
      reach: [{ from: 0, to: 1 }],
      mutual: false,
    };
    const wrong = { ...graph, interferences: [...graph.interferences, false_] };
    const proof = prove({ ...subjectOf(analysis), graph: wrong }, partition(wrong, POLICIES.strict));
    expect(proof.escapes).toEqual([]);
    expect(proof.unshown).toMatchObject([{ edge: false_, idle: [last], untouched: [0] }]);
  });
});

describe('a graph that names the wrong place', () => {
  const analysis = analyse(simulate('vtd; rp[acs] -> switch(dsp[acs=SV+UF] -> nic, dsp[acs=SV+UF] -> nvme)').facts());
  const right = analysis.graph;
  const [first, second] = [2, 3];
  /** The way by the second port of the switch is said to be at the first. */
  const wrong: InterferenceGraph = {
    ...right,
    interferences: right.interferences.map((e) =>
      'party' in e.where && e.where.party === second
        ? { ...e, evidence: [], remedies: [], where: { kind: 'port', party: first } }
        : e,
    ),
  };
  const subject = { ...subjectOf(analysis), graph: wrong };
  const where = right.parties.nameOf(first);
  const acceptingFirst = extendPolicy(POLICIES.strict, [{ kind: 'peer-to-peer', where }]);

  it('shows nothing there', () => {
    const { unshown } = prove(subject, partition(wrong, POLICIES.strict));
    expect(unshown).toMatchObject([{ edge: { where: { party: first }, actors: [{ from: second }, {}] } }]);
  });

  it('lets packets out where that place is accepted, and the right graph does not', () => {
    const { escapes } = prove(subject, partition(wrong, acceptingFirst));
    expect(escapes.map((e) => e.reached.kind)).toContain('function');
    expect(prove({ ...subject, graph: right }, partition(right, acceptingFirst)).escapes).toEqual([]);
  });
});

describe('the groups of the kernel', () => {
  const kernels = ({ graph, replay }: Analysis): Partition => givenGroups(graph, POLICIES.default, replay.groupOf);

  it('keep sibling ports of a switch without ACS apart, and a packet crosses', async () => {
    const analysis = await analysed('intel-switch-without-acs');
    const name = (i: number): string => analysis.graph.parties.nameOf(i);
    const proof = prove(subjectOf(analysis), kernels(analysis));
    const crossing = proof.escapes.find(
      ({ packet, reached }) =>
        name(packet.origin) === '0000:03:00.0' &&
        reached.kind === 'function' &&
        name(reached.function) === '0000:04:00.0',
    );
    expect(crossing?.path.map((h) => h.kind)).toEqual(['sent', 'checked', 'to-peer', 'down']);
    const [a, b] = ['0000:03:00.0', '0000:04:00.0'].map((n) => {
      const groups = kernels(analysis);
      return Array.from({ length: groups.groupCount }, (_, g) => g).find((g) =>
        [...membersOf(groups, g)].some((i) => name(i) === n),
      );
    });
    expect(a).not.toBe(b);
  });

  it('hold where the switch has ACS', async () => {
    const analysis = await analysed('intel-switch-with-acs');
    expect(prove(subjectOf(analysis), kernels(analysis)).escapes).toEqual([]);
  });
});
