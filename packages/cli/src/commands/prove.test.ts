import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const ask = async (...words: string[]) => {
  const ran = await runCommand(['prove', '--json', ...words]);
  expect(schemaErrors(ran.stdout)).toEqual([]);
  return { ...ran, answer: JSON.parse(ran.stdout) };
};

describe('isogroups prove', () => {
  it.each(['gaming-pc', 'intel-switch-without-acs', 'intel-sriov-vfs', 'without-root', 'no-iommu-i440fx'])(
    'proves %s',
    async (name) => {
      const { code, answer } = await ask('--machine', fixture(name), '--policy', 'strict');
      expect(code).toBe(0);
      expect(answer).toMatchObject({
        escaped: 0,
        escapes: [],
        interferences: { notShown: [] },
        groups: { of: 'graph' },
      });
      expect(answer.packets).toBeGreaterThan(100);
    },
  );

  it("finds the way between sibling ports of a switch that the kernel's groups leave open", async () => {
    const { code, answer } = await ask('--machine', fixture('intel-switch-without-acs'), '--groups', 'kernel');
    expect(code).toBe(1);
    expect(answer.escapes).toContainEqual(
      expect.objectContaining({ from: '0000:03:00.0', reached: { kind: 'device', device: '0000:04:00.0' } }),
    );
    const with_ = await ask('--machine', fixture('intel-switch-with-acs'), '--groups', 'kernel');
    expect(with_.code).toBe(0);
  });

  it('reads well', async () => {
    const words = ['prove', '--machine', fixture('intel-switch-without-acs')];
    for (const [name, more] of [
      ['prove-intel-switch-without-acs', []],
      ['prove-kernel-intel-switch-without-acs', ['--groups', 'kernel']],
    ] as const) {
      const { stdout } = await runCommand([...words, ...more]);
      const { expected, actual } = golden(name, stdout);
      expect(actual).toBe(expected);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('says what it takes', async () => {
    const bad = await runCommand(['prove', '--groups', 'mine', '--machine', fixture('gaming-pc')]);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('write graph or kernel');
    const none = await runCommand(['prove', '--groups', 'kernel', '--machine', fixture('no-iommu-q35')]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('the kernel made no groups');
  });
});
