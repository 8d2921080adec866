import type { MachineTree } from '@isogroups/inventory';
import { describe, expect, it } from 'vitest';
import type { JournalStore } from '../journal/journal-store.ts';
import type { JournalRecord } from '../journal/record.ts';
import { BOOT_UNKNOWN } from '../plan/refusal.ts';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import type { FakeDevice } from '../testing/kernel-state.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, machineWithVirtualFunctions, planFor } from '../testing/scenarios.ts';
import { claim, confirm, recover, release } from './commands.ts';
import { confirmable, planRecovery, planRelease } from './forecast.ts';

const FIRST = '0000:00:05.0';

function world(state = machineOf(3)) {
  const files = createFakeKernel(state);
  const journal = createMemoryJournal();
  return { files, journal };
}

describe('claim and release', () => {
  it('move the whole group to VFIO and back to exactly what it was', async () => {
    const { files, journal } = world();
    const before = files.state;
    const plan = planFor(before, FIRST);
    expect(plan.refusals).toEqual([]);
    expect(await claim(plan, { files, journal })).toMatchObject({
      kind: 'claimed',
      claim: { id: 'c1', status: 'held' },
    });
    expect(files.state.devices.map((d) => `${d.driver} ${d.override}`)).toEqual(
      Array.from({ length: 3 }, () => 'vfio-pci vfio-pci'),
    );
    expect(await release('c1', { files, journal })).toMatchObject({
      kind: 'released',
      home: { kind: 'home', differences: [] },
    });
    expect(files.state.devices).toEqual(before.devices);
  });

  it('bring virtual functions back as they were', async () => {
    const { files, journal } = world(machineWithVirtualFunctions());
    const before = files.state;
    const plan = planFor(before, '0000:00:06.0');
    expect(plan.refusals).toEqual([]);
    expect(await claim(plan, { files, journal })).toMatchObject({ kind: 'claimed' });
    expect(files.state.devices.map((d) => d.present)).toEqual([true, false, false]);
    expect(await release('c1', { files, journal })).toMatchObject({
      kind: 'released',
      home: { kind: 'home', differences: [] },
    });
    expect(files.state.devices).toEqual(before.devices);
    expect(await recover({ files, journal })).toEqual({ kind: 'recovered', claims: [] });
  });
});

const VFIO = Array.from({ length: 2 }, () => 'vfio-pci vfio-pci');
const fullFor =
  (kind: JournalRecord['kind'], append: JournalStore['append']): JournalStore['append'] =>
  (record, sync) =>
    record.kind === kind ? { kind: 'failed', says: 'no space left on device' } : append(record, sync);
/** Undefined: the file is not there. */
function withBoot(tree: MachineTree, boot: string | undefined): MachineTree {
  const { readBytes } = tree;
  const file: ReturnType<typeof readBytes> =
    boot === undefined
      ? { kind: 'failure', reason: 'missing', message: 'no such file' }
      : new TextEncoder().encode(`${boot}\n`);
  return { ...tree, readBytes: (path, limit) => (path.endsWith('/boot_id') ? file : readBytes(path, limit)) };
}
const bindings = (files: ReturnType<typeof createFakeKernel>): string[] =>
  files.state.devices.map((d) => `${d.driver} ${d.override}`);

describe('a claim that fails', () => {
  it("leaves nothing behind, and says what failed with the kernel's own error", async () => {
    const plan = planFor(machineOf(2), FIRST);
    for (let failing = 0; failing < plan.steps.length; failing++) {
      const { files, journal } = world(machineOf(2));
      files.faults = (operation) => (operation === failing ? { kind: 'refuse', errno: 'EBUSY' } : undefined);
      expect(await claim(plan, { files, journal })).toMatchObject({
        kind: 'rolled-back',
        failure: { kind: 'errno', errno: 'EBUSY', step: plan.steps[failing] },
        home: { kind: 'home', differences: [] },
      });
      expect(files.state.devices).toEqual(machineOf(2).devices);
    }
  });

  it('makes the rest safe when a write hangs, and recovery brings that home when it returns', async () => {
    const plan = planFor(machineOf(2), FIRST);
    for (const [hanging, step] of plan.steps.entries()) {
      if (step.kind === 'run') continue;
      const { files, journal } = world(machineOf(2));
      const deadlines = { write: 1, run: 1, linger: 1 };
      files.faults = (operation) => (operation === hanging ? { kind: 'hang' } : undefined);
      expect(await claim(plan, { files, journal, deadlines })).toMatchObject({
        kind: 'rolled-back',
        failure: { kind: 'stuck', step },
        home: { kind: 'paused' },
      });
      const others = (devices: readonly FakeDevice[]) => devices.filter((d) => d.address !== step.device);
      // What VFIO may yet get keeps drivers of the host from its group.
      const waits = step.phase === 'probe' ? { driver: null } : {};
      expect(others(files.state.devices)).toEqual(others(machineOf(2).devices).map((d) => ({ ...d, ...waits })));
      // As long as it hangs, it is left alone.
      const { operations } = files;
      expect(await recover({ files, journal, deadlines })).toMatchObject({ claims: [{ kind: 'paused' }] });
      expect(files.operations).toBe(operations);
      files.letGo(true);
      expect(await recover({ files, journal, deadlines })).toMatchObject({ claims: [{ kind: 'home' }] });
      expect(files.state.devices).toEqual(machineOf(2).devices);
    }
  });

  it('spares the others when a device is pulled out in the middle', async () => {
    const { files, journal } = world(machineOf(2));
    files.faults = (operation) => (operation === 3 ? { kind: 'unplug', device: FIRST } : undefined);
    expect(await claim(planFor(machineOf(2), FIRST), { files, journal })).toMatchObject({
      kind: 'rolled-back',
      home: { kind: 'home', differences: [{ device: FIRST, says: `${FIRST} is gone` }] },
    });
    expect(files.state.devices[1]).toEqual(machineOf(2).devices[1]);
  });

  it('writes nothing where the journal cannot be written', async () => {
    const { files, journal } = world();
    journal.full = true;
    expect(await claim(planFor(machineOf(3), FIRST), { files, journal })).toMatchObject({
      kind: 'refused',
      refusals: [{ kind: 'journal' }],
    });
    expect(files.operations).toBe(0);
  });
});

describe('a device that does not come home', () => {
  it('keeps the drivers of the host from its group as long as VFIO has it', async () => {
    const deadlines = { write: 1, run: 1, linger: 1 };
    const faults = [{ kind: 'hang' }, { kind: 'refuse', errno: 'EBUSY' }] as const;
    for (const fault of faults) {
      for (const late of [true, false]) {
        const { files, journal } = world(machineOf(2));
        await claim(planFor(machineOf(2), FIRST), { files, journal });
        const sticks = late ? '0000:00:05.0' : '0000:00:05.1';
        files.faults = (_, { kind, device }) => (kind === 'write' && device === sticks ? fault : undefined);
        expect(await release('c1', { files, journal, deadlines })).toMatchObject({
          home: {
            kind: 'paused',
            differences: expect.arrayContaining([
              expect.objectContaining({ says: expect.stringContaining(`waits for ${sticks} of its group`) }),
            ]),
          },
        });
        expect(files.state.devices.map((d) => (d.address === sticks ? 'vfio-pci' : null))).toEqual(
          files.state.devices.map((d) => d.driver),
        );
        files.faults = () => undefined;
        files.letGo(true);
        expect(await recover({ files, journal })).toMatchObject({ claims: [{ kind: 'home' }] });
        expect(files.state.devices).toEqual(machineOf(2).devices);
      }
    }
  });

  it('stops where the journal misses an outcome: the next step would pass for this one', async () => {
    const { files, journal } = world(machineOf(2));
    await claim(planFor(machineOf(2), FIRST), { files, journal });
    const before = files.operations;
    const full = { ...journal, append: fullFor('done', journal.append) };
    expect(await release('c1', { files, journal: full })).toMatchObject({
      home: { kind: 'paused', failures: [{ kind: 'journal', says: 'no space left on device' }] },
    });
    expect(files.operations - before).toBe(1);
    expect(await recover({ files, journal })).toMatchObject({ claims: [{ kind: 'home' }] });
  });

  it('is in the journal or said to be in none', async () => {
    const plan = planFor(machineOf(2), FIRST);
    const kinds = ['returning', 'ended', 'paused'] as const;
    for (const kind of kinds) {
      const { files, journal } = world(machineOf(2));
      await claim(plan, { files, journal });
      if (kind === 'paused') files.faults = () => ({ kind: 'refuse', errno: 'EIO' });
      const { append } = journal;
      const full = { ...journal, append: fullFor(kind, append) };
      const outcome = await release('c1', { files, journal: full });
      expect(outcome).toMatchObject({
        home: {
          kind: 'paused',
          failures: expect.arrayContaining([{ kind: 'journal', says: 'no space left on device' }]),
        },
      });
      if (kind === 'returning') expect(bindings(files)).toEqual(VFIO);
    }
    const { files, journal } = world(machineOf(2));
    await claim(plan, { files, journal });
    files.set({ ...machineOf(2), boot: 2 });
    const full = { ...journal, append: fullFor('ended', journal.append) };
    expect(await recover({ files, journal: full })).toMatchObject({ claims: [{ kind: 'paused' }] });
    expect(await recover({ files, journal })).toMatchObject({ claims: [{ kind: 'ended' }] });
  });

  it('keeps its claim open, until somebody gives it up', async () => {
    const { files, journal } = world(machineOf(2));
    await claim(planFor(machineOf(2), FIRST), { files, journal });
    const refuse = { kind: 'refuse', errno: 'EIO' } as const;
    files.faults = (_, step) => (step.kind === 'write' && step.file.endsWith('igb/bind') ? refuse : undefined);
    expect(await release('c1', { files, journal })).toMatchObject({ home: { kind: 'paused' } });
    expect(await recover({ files, journal })).toMatchObject({ claims: [{ kind: 'paused' }] });
    expect(await recover({ files, journal }, 'c2')).toMatchObject({ claims: [{ kind: 'paused' }] });
    expect(await recover({ files, journal }, 'c1')).toMatchObject({ claims: [{ kind: 'given-up' }] });
    expect(await recover({ files, journal })).toEqual({ kind: 'recovered', claims: [] });
  });
});

describe('a claim is refused', () => {
  it('when another has one of its devices', async () => {
    const { files, journal } = world(machineOf(2));
    const plan = planFor(machineOf(2), FIRST);
    await claim(plan, { files, journal });
    expect(await claim(plan, { files, journal })).toMatchObject({
      kind: 'refused',
      refusals: [{ kind: 'claimed' }, {}, {}, {}],
    });
    expect(bindings(files)).toEqual(VFIO);
  });

  it('when the machine is not as it was for the plan', async () => {
    const start = machineOf(2);
    const changed = [
      { ...start, devices: start.devices.map((d) => ({ ...d, driver: null })) },
      { ...start, devices: start.devices.map((d) => ({ ...d, override: 'x' })) },
      { ...start, devices: start.devices.map((d) => ({ ...d, group: 7 })) },
      { ...start, devices: start.devices.map((d) => ({ ...d, serial: '77' })) },
      { ...start, devices: start.devices.map((d) => ({ ...d, present: false })) },
      { ...start, boot: 2 },
      machineOf(4),
    ];
    for (const state of changed) {
      const { files, journal } = world(state);
      expect(await claim(planFor(start, FIRST), { files, journal })).toMatchObject({ kind: 'refused' });
      expect(files.operations).toBe(0);
    }
  });
});

describe('a boot that cannot be told', () => {
  it('leaves every claim alone, and lets none be made', async () => {
    for (const boot of [undefined, '']) {
      const { files, journal } = world(machineOf(2));
      const plan = planFor(machineOf(2), FIRST);
      await claim(plan, { files, journal });
      const look = () => withBoot(files.look(), boot);
      const blind = { files: { ...files, look, glance: look }, journal };
      const { operations } = files;
      const { records } = journal.read();
      const refused = { kind: 'refused', refusals: [BOOT_UNKNOWN] };
      expect(await recover(blind)).toEqual(refused);
      expect(await recover(blind, 'c1')).toEqual(refused);
      expect(await release('c1', blind)).toEqual(refused);
      expect(await release('c1', blind, 'unconfirmed')).toEqual(refused);
      expect(await confirm('c1', blind)).toEqual(refused);
      expect(await claim(plan, blind)).toEqual(refused);
      expect(await claim({ ...plan, boot: undefined }, blind)).toEqual(refused);
      expect(await planRelease('c1', blind)).toEqual(refused);
      expect(await planRecovery(blind)).toEqual(refused);
      expect(confirmable('c1', blind)).toEqual(refused);
      expect(files.operations).toBe(operations);
      expect(journal.read().records).toEqual(records);
      expect(await release('c1', { files, journal })).toMatchObject({ home: { kind: 'home' } });
    }
  });
});

describe('what somebody else did since', () => {
  it('is left as it is, and named', async () => {
    const { files, journal } = world(machineOf(2));
    await claim(planFor(machineOf(2), FIRST), { files, journal });
    const taken = files.state.devices.map((d) =>
      d.address === FIRST ? { ...d, driver: 'theirs', override: 'theirs' } : d,
    );
    files.set({ ...files.state, devices: taken });
    const released = await release('c1', { files, journal });
    expect(released).toMatchObject({ kind: 'released', home: { kind: 'home' } });
    expect(JSON.stringify(released)).toContain('somebody else');
    expect(bindings(files)).toEqual(['theirs theirs', 'e1000e null']);
  });

  it('another card at the address is not touched, and waited for while VFIO has it', async () => {
    for (const theirs of [{}, { driver: 'igb', override: null }]) {
      const { files, journal } = world(machineOf(2));
      await claim(planFor(machineOf(2), FIRST), { files, journal });
      const other = files.state.devices.map((d) => (d.address === FIRST ? { ...d, serial: '77', ...theirs } : d));
      files.set({ ...files.state, devices: other });
      const released = await release('c1', { files, journal });
      expect(JSON.stringify(released)).toContain('is another device: its serial was');
      expect(files.state.devices[0]).toEqual(other[0]);
      expect(files.state.devices[1]?.driver).toBe('driver' in theirs ? 'e1000e' : null);
    }
  });
});

describe('a claim that waits for its confirmation', () => {
  it('is kept when it comes, and given back by recovery when it does not', async () => {
    for (const comes of [true, false]) {
      const { files, journal } = world(machineOf(2));
      await claim(planFor(machineOf(2), FIRST, 60_000), { files, journal });
      if (comes) expect(await confirm('c1', { files, journal })).toMatchObject({ kind: 'confirmed' });
      const given = comes ? [] : [{ claim: 'c1', kind: 'home' }];
      // The journal in memory is of 1970: every time is over.
      expect(await recover({ files, journal })).toMatchObject({ kind: 'recovered', claims: given });
      expect(bindings(files)).toEqual(comes ? VFIO : ['igb null', 'e1000e null']);
      const late = await release('c1', { files, journal }, 'unconfirmed');
      expect(late).toMatchObject({ kind: 'refused', refusals: [{ kind: 'not-held' }] });
    }
  });
});
