/**
 * The program is killed before each effect of a claim and of a release: before and after every journal record and every
 * write. Of each of these stops, every cut of the journal in what was not on disk yet. After `recover` the machine is as it
 * was at the start, or as the command wanted it; never between.
 */
import { describe, expect, it } from 'vitest';
import { parseJournal } from '../journal/parse-journal.ts';
import { createFakeKernel, type FakeKernel } from '../testing/fake-kernel.ts';
import type { KernelState } from '../testing/kernel-state.ts';
import { createMemoryJournal, type MemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, machineWithVirtualFunctions, planFor } from '../testing/scenarios.ts';
import { effectsOf, runUntil } from '../testing/stopped.ts';
import { claimProtocol } from './claim-protocol.ts';
import { claim, recover } from './commands.ts';
import type { Protocol } from './effect.ts';
import { releaseProtocol } from './return-protocols.ts';

interface Stage {
  readonly files: FakeKernel;
  readonly journal: MemoryJournal;
}

interface Case {
  readonly name: string;
  readonly start: KernelState;
  readonly asked: string;
  readonly action: 'claim' | 'release';
}

const machines = [
  { name: 'one device', start: machineOf(1), asked: '0000:00:05.0' },
  { name: 'a group of three, one of them with an override', start: machineOf(3), asked: '0000:00:05.0' },
  { name: 'a group with a driverless member', start: machineOf(4), asked: '0000:00:05.3' },
  { name: 'virtual functions', start: machineWithVirtualFunctions(), asked: '0000:00:06.0' },
];
const cases: readonly Case[] = machines.flatMap((m) => [
  { ...m, action: 'claim' },
  { ...m, action: 'release' },
]);

/** Makes the stage on which the action begins, as often as it is wanted, and the action. */
async function stageFor({ start, asked, action }: Case): Promise<() => Stage & { protocol: Protocol<unknown> }> {
  const plan = planFor(start, asked);
  expect(plan.refusals).toEqual([]);
  const claimed = { files: createFakeKernel(start), journal: createMemoryJournal() };
  if (action === 'release') expect(await claim(plan, claimed)).toMatchObject({ kind: 'claimed' });
  const { state } = claimed.files;
  const { text } = claimed.journal;
  return () => ({
    files: createFakeKernel(state),
    journal: createMemoryJournal(text),
    protocol: action === 'claim' ? claimProtocol(plan) : releaseProtocol('c1', 'released'),
  });
}

/** Before and after each record, without its line end, and inside of it: parse-journal.test.ts cuts at every byte. */
function cutsOf(text: string, synced: number): readonly number[] {
  const cuts = [synced];
  for (let begin = synced; begin < text.length; ) {
    const end = text.indexOf('\n', begin) + 1;
    cuts.push(begin + 1, (begin + end) >> 1, end - 1, end);
    begin = end;
  }
  return cuts;
}

const tried = { stops: 0, cuts: 0, recoveries: 0, losses: 0 };

describe.each(cases)('$action of $name, killed', (one) => {
  /** Drivers stay loaded; all else counts. */
  const devicesOf = (state: KernelState): string => JSON.stringify(state.devices);

  /** How many effects there are to stop at, and the two states that the machine may be in afterwards. */
  async function whole({ protocol, ...stage }: Stage & { protocol: Protocol<unknown> }) {
    const start = devicesOf(stage.files.state);
    const effects = await effectsOf(protocol, stage);
    return { effects, allowed: [start, devicesOf(stage.files.state)] };
  }

  async function expectRecovery(stage: Stage, allowed: readonly string[], where: string): Promise<void> {
    stage.journal.breakLock();
    expect(await recover(stage), where).toMatchObject({ kind: 'recovered' });
    expect(allowed, where).toContain(devicesOf(stage.files.state));
    const { operations } = stage.files;
    // Nothing is left to do.
    const again = await recover(stage);
    expect(again, where).toEqual({ kind: 'recovered', claims: [] });
    expect(stage.files.operations, where).toBe(operations);
  }

  it('recovers from every stop, and from every cut of what was not on disk', async () => {
    const prepare = await stageFor(one);
    const { effects, allowed } = await whole(prepare());
    expect(effects).toBeGreaterThan(8);
    for (let stop = 0; stop <= effects; stop++) {
      const { protocol, files, journal } = prepare();
      await runUntil(protocol, { files, journal }, stop);
      const { text, synced } = journal;
      const { state } = files;
      const seen = new Set<string>();
      for (const length of cutsOf(text, synced)) {
        journal.text = text.slice(0, length);
        tried.cuts += 1;
        // Most cuts of a record read alike: as many bytes that are no record. One of each kind is recovered from.
        const { records, torn, unended } = parseJournal(new TextEncoder().encode(text.slice(synced, length)));
        const kind = `${records.length} ${torn > 0} ${unended}`;
        if (seen.has(kind)) continue;
        seen.add(kind);
        files.set(state);
        await expectRecovery({ files, journal }, allowed, `stop ${stop}, cut at ${length} of ${text.length}`);
        tried.recoveries += 1;
      }
      tried.stops += 1;
    }
  });

  it('knows after a loss of power that nothing of it is left', async () => {
    const prepare = await stageFor(one);
    const { effects } = await whole(prepare());
    for (let stop = 0; stop <= effects; stop++) {
      const { protocol, files, journal } = prepare();
      await runUntil(protocol, { files, journal }, stop);
      journal.text = journal.text.slice(0, journal.synced);
      files.set({ ...one.start, boot: 2 });
      journal.breakLock();
      const { operations } = files;
      expect(await recover({ files, journal })).toMatchObject({ kind: 'recovered' });
      expect(files.operations).toBe(operations);
      expect(await recover({ files, journal })).toEqual({ kind: 'recovered', claims: [] });
      tried.losses += 1;
    }
  });
});

it('counts', () => {
  console.log(
    `crash points: ${tried.stops} stops, the journal cut at ${tried.cuts} places (${tried.recoveries} recoveries), ${tried.losses} losses of power; all recovered`,
  );
  expect(tried.stops).toBeGreaterThan(300);
});
