import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJournalFile, type Plan } from '@isogroups/host';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../host/src/journal/record.ts';
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

  it('takes what claim takes, and shows what that would do', async () => {
    const root = inertMachine();
    const words = ['01:00.1', '--with', 'all', ...(await loseAll(root)), '--for', 'vm7', '--confirm-within', '5m'];
    const claiming = [...words, '--dry-run', '--yes', '--machine', root, '--state', join(root, 'state')];
    const { answer, code } = await ask('plan', ...claiming);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ for: 'vm7', confirmWithinMs: 300_000 });
    expect((await ask('claim', ...claiming)).answer.plan).toMatchObject({ for: 'vm7', confirmWithinMs: 300_000 });
    const shown = (await runCommand(['plan', ...claiming])).stdout.replace(/\s+/g, ' ');
    expect(shown).toContain(
      'It would be claimed for vm7. It would be given back after 300 s unless isogroups confirm comes.',
    );
    const refused = await runCommand(['plan', '01:00.1', '--for', 'vm7', '--machine', root]);
    expect([refused.code, refused.stdout]).toEqual([1, expect.not.stringContaining('It would be')]);
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

/** A journal with one claim, of this boot, and what became of it. */
function journalOf(plan: Plan, state: string, ...later: readonly JournalRecord[]): void {
  const journal = createJournalFile(state);
  const { policy, claimed: members, company, component, registers } = plan;
  const opened = { boot: 'boot-1', for: null, policy, losses: [], confirmWithinMs: null, members, company, component };
  journal.lock();
  for (const record of [{ kind: 'opened', claim: 'c1', ...opened, registers } as const, ...later]) {
    journal.append(record, true);
  }
  journal.unlock();
}

const COMMITTED: JournalRecord = { kind: 'committed', claim: 'c1' };

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
  journalOf(plan, state, COMMITTED);
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

describe('a claim that is held', () => {
  const plan = planFor(machineOf(1), '0000:00:05.0');
  const held = machineOf(1).devices.map((d) => ({ ...d, driver: 'vfio-pci', override: 'vfio-pci' }));
  const files = kernelFiles({ ...machineOf(1), devices: held });
  const without = (...left: readonly string[]) =>
    temporaryDirectory(treeEntries(Object.fromEntries(Object.entries(files).filter(([file]) => !left.includes(file)))));
  const BOOT = 'proc/sys/kernel/random/boot_id';
  const PROBE = 'sys/bus/pci/drivers_probe';
  const commands = [
    ['recover', '--yes'],
    ['release', 'c1', '--yes'],
    ['confirm', 'c1'],
  ];

  it('is left alone by commands that are given another directory than its machine', async () => {
    for (const root of [without(BOOT, PROBE), without(PROBE), temporaryDirectory([])]) {
      const state = join(root, 'state');
      journalOf(plan, state, COMMITTED);
      const before = readFileSync(join(state, 'journal'), 'utf8');
      for (const command of [...commands, ['claims']]) {
        const { code, stderr } = await runCommand([...command, '--machine', root, '--state', state]);
        expect([command[0], code]).toEqual([command[0], 2]);
        expect(stderr).toContain('is no running machine');
      }
      expect(readFileSync(join(state, 'journal'), 'utf8')).toBe(before);
    }
  });

  it('is left alone where the boot cannot be told, and claims says so', async () => {
    const root = without(BOOT);
    const state = join(root, 'state');
    const words = ['--machine', root, '--state', state];
    journalOf(plan, state, COMMITTED);
    const before = readFileSync(join(state, 'journal'), 'utf8');
    for (const command of [...commands, ...commands.map((c) => [...c, '--dry-run']), ['claim', '00:05.0', '--yes']]) {
      const { code, answer } = await ask(...command, ...words);
      expect([command, code, answer.outcome]).toEqual([command, 1, 'refused']);
      const refusal = { kind: 'boot-unknown', fix: expect.stringContaining(BOOT) };
      expect(answer.refusals).toContainEqual(expect.objectContaining(refusal));
    }
    expect(readFileSync(join(state, 'journal'), 'utf8')).toBe(before);
    expect((await ask('plan', '00:05.0', ...words)).answer.refusals.map((r: { kind: string }) => r.kind)).toEqual(
      expect.arrayContaining(['boot-unknown', 'claimed']),
    );
    expect(await ask('claims', ...words)).toMatchObject({ code: 1, answer: { claims: [{ state: 'unknown' }] } });
    expect((await runCommand(['claims', ...words])).stdout).toContain('c1: not known whether it is of this boot');
  });

  it('is shown with the times of its state', async () => {
    const root = without();
    const state = join(root, 'state');
    const claims = async () => (await runCommand(['claims', '--all', '--machine', root, '--state', state])).stdout;
    journalOf(plan, state, COMMITTED);
    const { answer } = await ask('claims', '--machine', root, '--state', state);
    const since = answer.claims[0].held;
    expect(await claims()).toContain(`c1: held since ${since}, policy`);
    const journal = createJournalFile(state);
    journal.lock();
    await sleep(2);
    journal.append({ kind: 'ended', claim: 'c1', because: 'released', differences: [] }, true);
    journal.unlock();
    const { ended } = (await ask('claims', '--all', '--machine', root, '--state', state)).answer.claims[0];
    expect(ended).not.toBe(since);
    expect((await claims()).replace(/\s+/g, ' ')).toContain(`c1: ended at ${ended}, held since ${since}, policy`);
  });
});

describe('isogroups recover', () => {
  it('says of a claim that is given up that it is over, and what stays as it is', async () => {
    const plan = planFor(machineOf(1), '0000:00:05.0');
    const unbound = { ...machineOf(1), devices: machineOf(1).devices.map((d) => ({ ...d, driver: null })) };
    // Plain files: no driver takes the device back.
    const root = temporaryDirectory(treeEntries(kernelFiles(unbound)));
    const state = join(root, 'state');
    journalOf(plan, state);
    const words = ['recover', '--yes', '--machine', root, '--state', state];
    expect((await runCommand(words)).stdout).toContain('isogroups recover goes on with it');
    const { code, stdout } = await runCommand([...words, '--give-up', 'c1']);
    expect(code).toBe(0);
    expect(stdout).toContain('Claim c1 is ended, because it was given up.');
    expect(stdout).toContain('has no driver and had igb');
    expect(stdout).not.toContain('goes on with it');
  });
});
