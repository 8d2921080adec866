import { openMachine } from '@isogroups/inventory';
import { analyse, isUnknown, type Machine } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { fixture, golden } from '../testing/fixtures.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';
import { verify } from './verify/verification.ts';

const ask = async (...words: string[]) => {
  const ran = await runCommand(['verify', '--json', ...words]);
  expect(schemaErrors(ran.stdout)).toEqual([]);
  return { ...ran, answer: JSON.parse(ran.stdout) };
};

describe('isogroups verify', () => {
  it.each([
    'gaming-pc',
    'thirty-devices',
    'amd-ivrs-alias-range',
    'smmuv3-device-tree',
    'virtio-iommu-few-drivers',
    'intel-removed-and-rescanned',
  ])('finds partition and numbers equal on %s', async (name) => {
    const { code, answer } = await ask('--machine', fixture(name));
    expect(code).toBe(0);
    expect(answer).toMatchObject({ comparable: true, partitionEqual: true, numbersEqual: true, differences: [] });
    expect(answer.kernelGroups).toBe(answer.rulesGroups);
    expect(answer.kernelGroups).toBeGreaterThan(0);
  });

  it('finds a kernel without groups and rules without any equal', async () => {
    const { code, answer } = await ask('--machine', fixture('no-iommu-q35'));
    expect(code).toBe(0);
    expect(answer).toMatchObject({ partitionEqual: true, kernelGroups: 0, rulesGroups: 0 });
  });

  it('says no with the fact that is missing, and the outcome that would be equal', async () => {
    const { code, answer } = await ask('--machine', fixture('without-root'));
    expect(code).toBe(1);
    expect(answer.alternatives).toEqual([expect.objectContaining({ equal: true })]);
    const reasons = answer.differences.flatMap((d: { reasons: { kind: string }[] }) => d.reasons.map((r) => r.kind));
    expect(reasons).toContain('unknown-fact');
    expect(reasons).toContain('other-outcome');
  });

  it('cannot compare a text without groups', async () => {
    const text = '00:00.0 Host bridge: Intel Corporation 82G33/G31/P35/P31 Express DRAM Controller\n';
    const { code, stdout } = await runCommand(['verify', '--json', '--machine', '-'], { stdin: text });
    expect(code).toBe(3);
    expect(schemaErrors(stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ comparable: false });
  });

  it('reads well', async () => {
    const { stdout } = await runCommand(['verify', '--machine', fixture('without-root')]);
    const { expected, actual } = golden('verify-without-root', stdout);
    expect(actual).toBe(expected);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('a machine that was changed after its groups were made', () => {
  const changed = async (name: string, change: (machine: Machine) => Machine) => {
    const found = verify(analyse(change(await openMachine(fixture(name)))));
    if (found === undefined) throw new Error('nothing to compare');
    return found;
  };
  /** As `setpci` would: the ACS control of one function is another. */
  const setControl =
    (bus: number, devfn: number, control: number) =>
    (machine: Machine): Machine => ({
      ...machine,
      functions: machine.functions.map((f) =>
        f.bus === bus && f.devfn === devfn && !isUnknown(f.acs) && f.acs !== null
          ? { ...f, acs: { ...f.acs, control } }
          : f,
      ),
    });

  it('is told the register that no longer fits, whose bits were switched off', async () => {
    const found = await changed('intel-root-port-with-acs', setControl(0, 2 << 3, 0));
    expect(found.partitionEqual).toBe(false);
    expect(found.differences).toHaveLength(1);
    expect(found.differences[0]?.kernel.map((g) => g.members)).toEqual([['0000:00:02.0'], ['0000:01:00.0']]);
    const reason = found.differences[0]?.reasons.find((r) => r.kind === 'register-changed');
    expect(reason?.text).toContain('ACS control of 00:02.0 reads 0x0000');
    expect(reason?.text).toContain('SV RR CR UF');
  });

  it('or on', async () => {
    const found = await changed('intel-disable-acs-redir', (machine) => ({
      ...machine,
      functions: machine.functions.map((f) =>
        isUnknown(f.acs) || f.acs === null ? f : { ...f, acs: { ...f.acs, control: 0x1d } },
      ),
    }));
    expect(found.partitionEqual).toBe(false);
    const reason = found.differences.flatMap((d) => d.reasons).find((r) => r.kind === 'register-changed');
    expect(reason?.text).toContain('did not isolate');
  });

  it('shows once what differs for one reason: devices that the kernel left out', async () => {
    const found = await changed('intel-switch-with-acs', (machine) => ({
      ...machine,
      kernel: { ...machine.kernel, groups: [] },
    }));
    expect(found.differences.length).toBeLessThan(found.rulesGroups);
    const kinds = found.differences.flatMap((d) => d.reasons.map((r) => r.kind));
    expect(new Set(kinds)).toEqual(new Set(['coverage']));
    const leftOut = found.differences.flatMap((d) => d.kernel.flatMap((g) => (g.group === null ? g.members : [])));
    expect(leftOut).toHaveLength(found.devices);
  });

  it('names the rule and the witness where no register explains it', async () => {
    const found = await changed('intel-multifunction-endpoint', (machine) => ({
      ...machine,
      kernel: {
        ...machine.kernel,
        groups: (isUnknown(machine.kernel.groups) ? [] : machine.kernel.groups).flatMap((g) =>
          g.members.length === 1 ? [g] : g.members.map((m, k) => ({ ...g, id: g.id + 100 * k, members: [m] })),
        ),
      },
    }));
    expect(found.partitionEqual).toBe(false);
    const rules = found.differences.flatMap((d) => d.reasons).filter((r) => r.kind === 'rule');
    expect(rules.map((r) => r.text).join()).toContain('shares a slot with');
  });

  it('tells other numbers beside an equal partition', async () => {
    const found = await changed('intel-switch-with-acs', (machine) => ({
      ...machine,
      kernel: {
        ...machine.kernel,
        groups: (isUnknown(machine.kernel.groups) ? [] : machine.kernel.groups).map((g) => ({ ...g, id: g.id + 10 })),
      },
    }));
    expect(found).toMatchObject({ partitionEqual: true, numbersEqual: false, differences: [] });
    expect(found.renumbered[0]).toMatchObject({ kernel: 10, rules: 0 });
  });
});
