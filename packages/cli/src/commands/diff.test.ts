import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const compare = async (a: string, b: string, ...words: string[]) => {
  const ran = await runCommand(['diff', '--json', fixture(a), fixture(b), ...words]);
  expect(schemaErrors(ran.stdout)).toEqual([]);
  return { ...ran, answer: JSON.parse(ran.stdout) };
};

describe('isogroups diff', () => {
  it('finds no difference between a machine and itself', async () => {
    const { code, answer } = await compare('thirty-devices', 'thirty-devices');
    expect(code).toBe(0);
    expect(answer).toMatchObject({ same: true, came: [], went: [], kernelGroups: [], policyGroups: [], facts: [] });
    expect(answer.inBoth).toBe(answer.before.functions);
  });

  it('says which groups merged, and the register behind it', async () => {
    const { code, answer } = await compare('intel-switch-with-acs', 'intel-switch-without-acs');
    expect(code).toBe(1);
    expect(answer.kernelGroups.map((c: { kind: string }) => c.kind)).toEqual(['merged', 'merged']);
    expect(answer.kernelGroups[0].before.map((g: { members: string[] }) => g.members)).toEqual([
      ['0000:02:08.0'],
      ['0000:03:00.0'],
    ]);
    expect(answer.kernelGroups[0].reasons[0]).toContain('02:08.0 ACS: control 0x001d (SV RR CR UF)');
    expect(answer.policyGroups).toHaveLength(1);
    expect(answer.policyGroups[0].kind).toBe('merged');
    expect(answer.policyGroups[0].reasons.join()).toContain('new: 02:08.0 and 03:00.0 can reach');
  });

  it('and, the other way round, split', async () => {
    const { answer } = await compare('intel-switch-without-acs', 'intel-switch-with-acs');
    expect(answer.kernelGroups.map((c: { kind: string }) => c.kind)).toEqual(['split', 'split']);
    expect(answer.policyGroups[0].kind).toBe('split');
    expect(answer.policyGroups[0].reasons.join()).toContain('gone:');
  });

  it('does not look at the kernel where only the policy sees a difference', async () => {
    const strict = await compare('intel-ats-device', 'intel-ats-device', '--policy', 'strict');
    expect(strict.code).toBe(0);
  });

  it('tells groups that were gained with the option that brought them', async () => {
    const { answer } = await compare('intel-iommu-off', 'intel-passthrough');
    const kinds = new Set(answer.kernelGroups.map((c: { kind: string }) => c.kind));
    expect(kinds).toEqual(new Set(['gained']));
    expect(answer.kernelGroups[0].reasons[0]).toBe('command line: intel_iommu=off -> intel_iommu=on iommu=pt');
    expect(answer.policyGroups.some((c: { states: string[] | null }) => c.states?.[1] === 'assignable')).toBe(true);
  });

  it('and lost', async () => {
    const { answer } = await compare('intel-passthrough', 'intel-iommu-off');
    expect(new Set(answer.kernelGroups.map((c: { kind: string }) => c.kind))).toEqual(new Set(['lost']));
  });

  it('matches a card in another slot, and lists what came and went', async () => {
    const { answer } = await compare('gaming-pc', 'gpu-with-audio');
    expect(answer.moved).toContainEqual(['0000:01:00.0', '0000:01:00.0']);
    expect(answer.went).toContain('0000:02:00.0');
    expect(answer.came).toEqual(['0000:00:02.0']);
  });

  it('names rules of another series as a fact', async () => {
    const { answer } = await compare('intel-switch-without-acs', 'intel-switch-without-acs-linux-7.3');
    expect(answer.facts.map((f: { what: string }) => f.what)).toContain('kernel');
    expect(answer.kernelGroups).toEqual([]);
  });

  it('wants two machines, and names them itself', async () => {
    expect((await runCommand(['diff', fixture('gaming-pc')])).code).toBe(2);
    const both = await runCommand(['diff', '--machine', 'x', fixture('gaming-pc'), fixture('gaming-pc')]);
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('--machine');
    expect((await runCommand(['diff', '-', '-'])).code).toBe(2);
  });

  it.each([
    ['intel-switch-with-acs', 'intel-switch-without-acs'],
    ['gaming-pc', 'gpu-with-audio'],
  ])('reads well from %s to %s', async (a, b) => {
    const { stdout } = await runCommand(['diff', fixture(a), fixture(b)]);
    const { expected, actual } = golden(`diff-${a}-${b}`, stdout);
    expect(actual).toBe(expected);
    expect(
      stdout
        .split('\n')
        .slice(1)
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });
});
