import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJournalFile } from '@isogroups/host';
import { describe, expect, it } from 'vitest';
import { kernelFiles } from '../../../host/src/testing/kernel-tree.ts';
import { machineOf, planFor } from '../../../host/src/testing/scenarios.ts';
import { smallMachine } from '../../../inventory/src/testing/small-machine.ts';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { treeEntries } from '../../../inventory/src/testing/tree-entries.ts';
import { fixture, golden } from '../testing/fixtures.ts';
import { inertMachine } from '../testing/inert-machine.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const ask = async (...words: string[]) => {
  const ran = await runCommand([...words, '--json']);
  expect(schemaErrors(ran.stdout)).toEqual([]);
  return { ...ran, answer: JSON.parse(ran.stdout) };
};

/** Names everything that the host would lose: this is about what comes after that. */
async function loseAll(root: string): Promise<string[]> {
  const { answer } = await ask('plan', '01:00.1', '--with', 'all', '--machine', root);
  return answer.losses.flatMap((l: { item: string }) => ['--lose', l.item]);
}

describe('isogroups plan', () => {
  it('names what comes along and what would be written, in order', async () => {
    const root = inertMachine();
    const { code, answer } = await ask('plan', '01:00.1', '--with', 'all', ...(await loseAll(root)), '--machine', root);
    expect(code).toBe(0);
    expect(answer.members.map((m: { device: string; role: string }) => `${m.device} ${m.role}`)).toEqual([
      '0000:01:00.1 move',
      '0000:01:00.0 move',
      '0000:01:10.0 vanishes',
    ]);
    expect(answer.steps.map((s: { phase: string; device: string }) => `${s.phase} ${s.device}`)).toEqual([
      'override 0000:01:00.1',
      'unbind 0000:01:00.0',
      'probe 0000:01:00.1',
      'probe 0000:01:00.0',
    ]);
  });

  it('refuses members that nobody accepted, each by name', async () => {
    const root = inertMachine();
    const { code, answer } = await ask('plan', '01:00.1', ...(await loseAll(root)), '--machine', root);
    expect(code).toBe(1);
    expect(answer.refusals.map((r: { kind: string; device: string }) => `${r.kind} ${r.device}`)).toEqual([
      'not-accepted 0000:01:00.0',
      'virtual-functions 0000:01:10.0',
    ]);
  });

  it('refuses what the host would lose, until just that is named', async () => {
    const root = inertMachine();
    const all = await loseAll(root);
    for (let k = 0; k < all.length; k += 2) {
      const others = [...all.slice(0, k), ...all.slice(k + 2)];
      const { code, answer } = await ask('plan', '01:00.1', '--with', 'all', ...others, '--machine', root);
      expect(code).toBe(1);
      const fix = expect.stringContaining(`--lose ${all[k + 1]}`);
      expect(answer.refusals).toMatchObject([{ kind: 'loss', fix }]);
    }
    expect(all.length).toBeGreaterThan(0);
  });

  it('tells of a snapshot what it would take there, and what is not known', async () => {
    const words = ['02:00.0', '--with', 'all', '--machine', fixture('gaming-pc')];
    const { code, answer } = await ask('plan', ...words);
    expect([code, answer.verdict, answer.refusals, answer.losses]).toEqual([1, 'undecided', [], []]);
    expect(answer.unknown).toEqual([
      expect.stringMatching(/^what the host would lose: .*no mounts/),
      expect.stringMatching(/^whether a variant of VFIO is made/),
    ]);
    expect(answer.steps).toHaveLength(7);
    const shown = await runCommand(['plan', ...words]);
    const { expected, actual } = golden('plan-of-snapshot-gaming-pc', shown.stdout);
    expect(actual).toBe(expected);
    expect((await ask('plan', ...words, '--driver', 'vfio-pci')).answer.unknown).toHaveLength(1);
  });

  it('refuses on a snapshot what is known to refuse', async () => {
    const { code, answer } = await ask('plan', '01:00.0', '--machine', fixture('intel-sriov-vfs'));
    expect([code, answer.verdict, answer.unknown.length]).toEqual([1, 'refused', 2]);
    expect(answer.refusals.map((r: { kind: string }) => r.kind)).toEqual(['virtual-functions', 'virtual-functions']);
    expect((await ask('plan', '01:00.0', '--machine', 'sim: vtd; rp -> nvme')).answer.verdict).toBe('undecided');
  });

  it('takes no journal and no text for a machine', async () => {
    const again = await runCommand(['plan', '--again', 'c1', '--machine', fixture('gaming-pc')]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--again asks the journal')]);
    const text = await runCommand(['plan', '01:00.0', '--machine', 'examples/lspci-vvv.txt']);
    expect([text.code, text.stderr]).toEqual([2, expect.stringContaining('is a text')]);
  });

  it('is refused to claim of a snapshot, packed or not', async () => {
    const packed = await runCommand(['claim', '03:00.0', '--machine', fixture('gaming-pc')]);
    expect([packed.code, packed.stderr]).toEqual([2, expect.stringContaining('is no running machine')]);
    const root = temporaryDirectory(treeEntries({ ...smallMachine(), 'dmesg.txt': '' }));
    const state = join(root, 'state');
    const unpacked = await runCommand(['claim', '01:00.1', '--machine', root, '--state', state, '--dry-run']);
    expect([unpacked.code, unpacked.stderr]).toEqual([2, expect.stringContaining('is no running machine')]);
  });
});

it('plan and doctor know the override of a claim from that of another tool', async () => {
  const plan = planFor(machineOf(1), '0000:00:05.0');
  const devices = machineOf(1).devices.map((d) => ({ ...d, driver: null, override: 'vfio-pci' }));
  const root = temporaryDirectory(treeEntries(kernelFiles({ ...machineOf(1), devices })));
  const state = join(root, 'state');
  const words = ['00:05.0', '--machine', root, '--state', state];
  const overrides = async () => {
    const [planned, found] = [await ask('plan', ...words), await ask('doctor', ...words)];
    const items = [...planned.answer.losses, ...found.answer.uses].map((l: { item: string }) => l.item);
    return items.filter((item) => item.startsWith('override:'));
  };
  expect(await overrides()).toEqual(['override:0000:00:05.0', 'override:0000:00:05.0']);
  const journal = createJournalFile(state);
  journal.lock();
  const { boot, policy, claimed: members, company, component, registers } = plan;
  const opened = { boot, for: null, policy, losses: [], confirmWithinMs: null, members, company, component, registers };
  journal.append({ kind: 'opened', claim: 'c1', ...opened }, true);
  journal.append({ kind: 'committed', claim: 'c1' }, true);
  journal.unlock();
  expect(await overrides()).toEqual([]);
});

describe('isogroups claim', () => {
  it('does nothing without a yes, and nothing in a dry run', async () => {
    const root = inertMachine();
    const state = join(root, 'state');
    const words = ['claim', '01:00.1', '--with', 'all', ...(await loseAll(root)), '--machine', root, '--state', state];
    const refused = await ask(...words);
    expect(refused.code).toBe(1);
    expect(refused.answer.refusals).toMatchObject([{ kind: 'not-agreed' }]);
    const dry = await ask(...words, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.answer.plan.steps).toHaveLength(4);
    expect(existsSync(state)).toBe(false);
  });

  it('brings everything back when the kernel does not do what it says', async () => {
    const root = inertMachine();
    const state = join(root, 'state');
    const words = ['--machine', root, '--state', state];
    const { code, answer } = await ask(
      'claim',
      '01:00.1',
      '--with',
      'all',
      ...(await loseAll(root)),
      '--yes',
      ...words,
    );
    expect(code).toBe(1);
    expect(answer).toMatchObject({ outcome: 'rolled-back', claim: 'c1' });
    expect(answer.failure).toContain('has igb afterwards and not no driver');
    const kinds = readFileSync(join(state, 'journal'), 'utf8')
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l).kind);
    expect(kinds).toEqual(['opened', 'intent', 'done', 'failed', 'returning', 'intent', 'failed', 'ended']);
    expect((await ask('claims', ...words)).answer.claims).toEqual([]);
    expect((await ask('claims', '--all', ...words)).answer.claims).toMatchObject([{ claim: 'c1', state: 'ended' }]);
    expect((await ask('recover', '--yes', ...words)).answer).toMatchObject({ outcome: 'recovered', claims: [] });
    expect((await ask('release', 'c1', '--yes', ...words)).answer.refusals).toMatchObject([{ kind: 'not-held' }]);
    expect((await ask('confirm', 'c2', ...words)).answer.refusals).toMatchObject([{ kind: 'no-such-claim' }]);
  });
});

describe('isogroups recover', () => {
  it('says of a claim that is given up that it is over, and what stays as it is', async () => {
    const plan = planFor(machineOf(1), '0000:00:05.0');
    const unbound = { ...machineOf(1), devices: machineOf(1).devices.map((d) => ({ ...d, driver: null })) };
    // Plain files: no driver takes the device back.
    const root = temporaryDirectory(treeEntries(kernelFiles(unbound)));
    const state = join(root, 'state');
    const journal = createJournalFile(state);
    journal.lock();
    const { boot, policy, claimed: members, company, component, registers } = plan;
    const opened = {
      boot,
      for: null,
      policy,
      losses: [],
      confirmWithinMs: null,
      members,
      company,
      component,
      registers,
    };
    journal.append({ kind: 'opened', claim: 'c1', ...opened }, true);
    journal.unlock();
    const words = ['recover', '--yes', '--machine', root, '--state', state];
    expect((await runCommand(words)).stdout).toContain('isogroups recover goes on with it');
    const { code, stdout } = await runCommand([...words, '--give-up', 'c1']);
    expect(code).toBe(0);
    expect(stdout).toContain('Claim c1 is ended, because it was given up.');
    expect(stdout).toContain('has no driver and had igb');
    expect(stdout).not.toContain('goes on with it');
  });
});
