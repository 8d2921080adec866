/**
 * The sentences that explain, on machines small enough to know the answer.
 */
import { type Interference, POLICIES, type PolicyName, partition } from '@isogroups/core';
import { type Analysis, analyse, type Machine, PORT, unknown } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { endpoint, machineOf, port, switchOf } from '../../../pci/src/testing/build-machine.ts';
import { groupEdges } from '../group-edges.ts';
import { acsSentence } from './acs.ts';
import { aloneSentence } from './alone.ts';
import { blame } from './blame.ts';
import { evidenceSentence, interferenceSentence, undecidedSentence } from './interference.ts';
import { joinSentence } from './join.ts';
import { kernelDifferences, kernelGroupNumbers } from './kernel-differences.ts';
import { machineSentence } from './machine.ts';
import { noIommuParagraphs } from './no-iommu.ts';
import { openQuestions } from './open-questions.ts';
import { listNames, listSpans, listWords, nameOf } from './party.ts';
import { remedySentence } from './remedy.ts';
import { togetherSentences } from './together.ts';

const SWITCH = machineOf([
  port('00:1c.0', {}, [
    switchOf('01:00.0', [
      port('02:00.0', { type: PORT.downstream, acs: { capability: 0x1d, control: 0x01 } }, [endpoint('03:00.0')]),
      port('02:01.0', { type: PORT.downstream, acs: { capability: 0x1d, control: 0x01 } }, [endpoint('04:00.0')]),
      port('02:02.0', { type: PORT.downstream }, [endpoint('05:00.0')]),
    ]),
  ]),
  endpoint('00:1f.0', { multifunction: true }),
  endpoint('00:1f.3'),
]);

const at = (analysis: Analysis, name: string): number => {
  const i = analysis.machine.functions.findIndex((_, k) => nameOf(analysis, k) === name);
  if (i < 0) throw new RangeError(name);
  return i;
};

function groupsOf(analysis: Analysis, policy: PolicyName = 'default') {
  const groups = partition(analysis.graph, POLICIES[policy]);
  const edges = groupEdges(groups);
  const groupAt = (name: string): number => groups.groupOf[at(analysis, name)] as number;
  return { groups, edges, groupAt };
}

const edgesOf = (analysis: Analysis, kind: Interference['kind']): readonly Interference[] =>
  analysis.graph.interferences.filter((edge) => edge.kind === kind);

describe('names', () => {
  const analysis = analyse(SWITCH);

  it('leave out the segment where there is only one', () => {
    expect(nameOf(analysis, 0)).toBe('00:1c.0');
    const two = analyse(machineOf([endpoint('0000:01:00.0'), endpoint('0001:01:00.0')]));
    expect([nameOf(two, 0), nameOf(two, 1)]).toEqual(['0000:01:00.0', '0001:01:00.0']);
  });

  it('are listed as people do', () => {
    expect(listWords([])).toBe('nothing');
    expect(listWords(['a'])).toBe('a');
    expect(listWords(['a', 'b'])).toBe('a and b');
    expect(listWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d and e');
    expect(listWords(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
    expect(listNames(analysis, [0, 1])).toBe('00:1c.0 and 00:1f.0');
  });

  it('stand for all below a bridge', () => {
    const upstream = at(analysis, '01:00.0');
    expect(listSpans(analysis, [{ from: upstream, to: analysis.topology.belowTo[upstream] as number }])).toBe(
      '01:00.0 with all below it',
    );
    expect(listSpans(analysis, [{ from: 0, to: analysis.topology.count }])).toBe('all devices');
  });
});

describe('why members belong together', () => {
  it('names the switch, the ports and the bits once', () => {
    const analysis = analyse(SWITCH);
    const { groups, edges, groupAt } = groupsOf(analysis);
    const g = groupAt('03:00.0');
    expect(groupAt('04:00.0')).toBe(g);
    const members = groups.members.subarray(groups.start[g], groups.start[g + 1]);
    expect(togetherSentences(analysis, edges.inside(g), members)).toEqual([
      'ports of switch 01:00.0 can reach each other: 02:00.0 and 02:01.0 lack RR CR',
    ]);
  });

  it('names functions of a slot', () => {
    const analysis = analyse(SWITCH);
    const { edges, groupAt } = groupsOf(analysis);
    const members = [at(analysis, '00:1f.0'), at(analysis, '00:1f.3')];
    expect(togetherSentences(analysis, edges.inside(groupAt('00:1f.0')), members)).toEqual([
      'functions of slot 00:1f can reach each other: 00:1f.0 and 00:1f.3 have no ACS capability',
    ]);
  });

  it('names the requester id that a bridge puts on what is behind it', () => {
    const bridge = port('00:1e.0', { type: PORT.expressToPci, acs: 'none' }, [
      endpoint('06:01.0', { type: 'conventional' }),
      endpoint('06:02.0', { type: 'conventional' }),
    ]);
    const analysis = analyse(machineOf([bridge]));
    const { edges, groupAt } = groupsOf(analysis);
    const [sentence] = togetherSentences(analysis, edges.inside(groupAt('06:01.0')), [0, 1, 2]);
    expect(sentence).toBe(
      'all behind bridge 00:1e.0 share one requester id: requests from behind it arrive as requester 06:00.0',
    );
  });

  it('does not tell all of very many reasons', () => {
    const analysis = analyse(SWITCH);
    const { edges } = groupsOf(analysis, 'strict');
    const all = edges.inside(0);
    const told = togetherSentences(
      analysis,
      all,
      Array.from({ length: analysis.topology.count }, (_, i) => i),
      1,
    );
    expect(told.length).toBeLessThanOrEqual(2);
  });
});

describe('why a device is alone', () => {
  it('names the ports that guard it', () => {
    const analysis = analyse(machineOf([port('00:1c.0', {}, [endpoint('01:00.0')]), endpoint('00:02.0')]));
    expect(aloneSentence(analysis, at(analysis, '01:00.0'))).toBe(
      'port 00:1c.0 above it sends all requests up to the IOMMU',
    );
    expect(aloneSentence(analysis, at(analysis, '00:02.0'))).toBe('nothing else is in its slot on the root bus');
    expect(aloneSentence(analysis, at(analysis, '00:1c.0'))).toBe('00:1c.0 has its ACS bits on');
  });
});

describe('interferences and evidence', () => {
  const analysis = analyse(SWITCH);

  it('tell register, offset, value and missing bits', () => {
    const edge = edgesOf(analysis, 'peer-to-peer').find((e) => e.where.kind === 'port') as Interference;
    expect(interferenceSentence(analysis, edge)).toBe(
      '02:00.0 and 03:00.0 can reach 02:01.0, 02:02.0, 04:00.0 and 05:00.0',
    );
    expect(evidenceSentence(analysis, edge.evidence[0]!)).toBe(
      'ACS control of 02:00.0 (at 0x106) reads 0x0001: RR CR are off',
    );
    expect(undecidedSentence(edge)).toBeUndefined();
  });

  it('tell one missing bit in the singular, and several findings apart', () => {
    const one = {
      kind: 'register',
      party: 0,
      register: 'ACS control',
      offset: 0x106,
      value: 0,
      missing: ['UF'],
    } as const;
    expect(evidenceSentence(analysis, one)).toContain('UF is off');
    expect(blame(analysis, [one, { kind: 'no-capability', party: 1, capability: 'ACS' }, { ...one, party: 2 }])).toBe(
      '00:1c.0 and 00:1f.3 lack UF; 00:1f.0 has no ACS capability',
    );
  });

  it('keep "not read" apart from "not there"', () => {
    const lost = unknown('configuration space ends at byte 64', 'run as root');
    const machine = machineOf([
      endpoint('00:03.0', { multifunction: true, facts: { acs: lost } }),
      endpoint('00:03.1', { facts: { acs: lost } }),
    ]);
    const unread = analyse(machine);
    const edge = edgesOf(unread, 'peer-to-peer')[0] as Interference;
    expect(blame(unread, edge.evidence)).toBe('whether 00:03.0 and 00:03.1 have ACS on was not read');
    expect(undecidedSentence(edge)).toBe('configuration space ends at byte 64; what would decide it: run as root');
    expect(acsSentence(unread, 0)).toBe('whether 00:03.0 isolates is not known: configuration space ends at byte 64');
    const questions = openQuestions(unread, partition(unread.graph, POLICIES.default));
    expect(questions).toContainEqual({ unknown: 'configuration space ends at byte 64', decidedBy: 'run as root' });
  });

  it('fill in the place of a remedy', () => {
    for (const edge of analysis.graph.interferences) {
      for (const remedy of edge.remedies) expect(remedySentence(analysis, edge, remedy)).not.toMatch(/[<>]/);
    }
  });
});

describe("the kernel's side", () => {
  it('says by which rule and witness a function joined', () => {
    const analysis = analyse(machineOf([port('00:1c.0', { acs: 'none' }, [endpoint('01:00.0')]), endpoint('00:02.0')]));
    expect(joinSentence(analysis, at(analysis, '01:00.0'))).toBe(
      'port 00:1c.0 above it is not isolated up to the root, so it joins its group: 00:1c.0 has no ACS capability',
    );
    expect(joinSentence(analysis, at(analysis, '00:02.0'))).toContain('a group of its own');
    expect(joinSentence(analysis, at(analysis, '00:1c.0'))).toContain('the first of its group');
    const slot = analyse(SWITCH);
    expect(joinSentence(slot, at(slot, '00:1f.3'))).toBe(
      'it shares a slot with 00:1f.0 and neither is isolated, so it joins its group: 00:1f.3 has no ACS capability, 00:1f.0 has no ACS capability',
    );
  });

  it("says which of the kernel's groups can reach each other", () => {
    const kernel = (members: readonly string[], id: number) => ({ id, members, type: null, reservedRegions: [] });
    const machine: Machine = {
      ...SWITCH,
      kernel: {
        ...SWITCH.kernel,
        groups: [
          kernel(['0000:02:00.0', '0000:03:00.0'], 6),
          kernel(['0000:02:01.0', '0000:04:00.0'], 7),
          kernel(['0000:00:1f.0', '0000:00:1f.3', '0000:05:00.0'], 9),
        ],
      },
    };
    const analysis = analyse(machine);
    const { groups, edges } = groupsOf(analysis);
    const found = kernelDifferences(analysis, groups, edges, kernelGroupNumbers(analysis));
    expect(found.map((d) => d.says)).toEqual([
      'groups 6, 7 and 9 of the kernel can reach each other through switch 01:00.0: 02:00.0 and 02:01.0 lack RR CR',
      'the kernel keeps 00:1f.0, 00:1f.3 and 05:00.0 in its group 9, although nothing that is known here lets all of them disturb each other',
    ]);
  });
});

describe('the machine', () => {
  it('is told in a line', () => {
    expect(machineSentence(analyse(SWITCH))).toBe('test machine, Linux 6.12.0: Intel VT-d (vtd0), interrupts remapped');
  });

  it('without an IOMMU says what is missing and what helps', () => {
    const none = machineOf([endpoint('00:02.0')], { firmware: { dmar: null } });
    const text = noIommuParagraphs(analyse(none)).join('\n');
    expect(text).toContain('every device that can do DMA can read and write all memory');
    expect(text).toContain('What is missing: the firmware has no DMAR');
    expect(text).toContain('isogroups --machine FILE');
    const off = machineOf([endpoint('00:02.0')], { kernel: { commandLine: 'intel_iommu=off', iommuUnits: [] } });
    expect(noIommuParagraphs(analyse(off)).join('\n')).toContain(
      'the kernel was started with intel_iommu=off. Take that word away',
    );
    const silent = machineOf([endpoint('00:02.0')], { kernel: { commandLine: '', iommuUnits: [] } });
    expect(noIommuParagraphs(analyse(silent)).join('\n')).toContain('Boot with intel_iommu=on');
    expect(noIommuParagraphs(analyse(SWITCH))).toEqual([]);
  });
});
