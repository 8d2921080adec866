/**
 * @module Runs scenarios and reports each: those of one machine in one boot, one after the other; several machines side by
 * side.
 */
import type { BootFiles } from './boot-files.ts';
import { bootGuest, type Guest } from './guest.ts';
import type { GuestMachine, KernelSeries } from './machine.ts';
import type { Scenario } from './scenario.ts';
import { within } from './within.ts';

export interface Run {
  readonly scenarios: readonly Scenario[];
  readonly kernels: readonly KernelSeries[];
  readonly files: (series: KernelSeries, machine: GuestMachine) => BootFiles;
  readonly scratch: string;
  /** How many guests at a time. */
  readonly jobs: number;
  /** Factor of all deadlines. */
  readonly patience: number;
}

export interface Tally {
  passed: number;
  failed: number;
}

/** Scenarios of one machine and one kernel. */
interface Batch {
  readonly series: KernelSeries;
  readonly scenarios: readonly [Scenario, ...Scenario[]];
}

/** @returns how many held and how many did not, over all kernels */
export async function runScenarios(run: Run): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  const waiting = batchesOf(run);
  const work = async () => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await runBatch(batch, run, tally);
  };
  await Promise.all(Array.from({ length: run.jobs }, work));
  return tally;
}

/** The longest first, so that nobody waits for it at the end. */
function batchesOf({ scenarios, kernels }: Run): Batch[] {
  const machines = new Set(scenarios.map(({ machine }) => machine));
  const batches = kernels.flatMap((series) =>
    [...machines].flatMap((machine) => {
      const [first, ...rest] = scenarios.filter(
        (s) => s.machine === machine && (s.kernels ?? kernels).includes(series),
      );
      return first === undefined ? [] : [{ series, scenarios: [first, ...rest] } as const];
    }),
  );
  const seconds = ({ scenarios: all }: Batch) => all.reduce((sum, scenario) => sum + deadline(scenario), 0);
  return batches.sort((a, b) => seconds(b) - seconds(a));
}

const deadline = (scenario: Scenario): number => scenario.seconds ?? 120;

async function runBatch({ series, scenarios }: Batch, { files, scratch, patience }: Run, tally: Tally): Promise<void> {
  const { machine } = scenarios[0];
  let guest: Guest | undefined;
  for (const scenario of scenarios) {
    const start = performance.now();
    const report = (verdict: string, lines: readonly string[]) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const text = [`${verdict} ${series} ${machine.name}: ${scenario.name} (${seconds} s)`, ...lines.map(indented)];
      console.log(text.join('\n'));
    };
    let ruined = scenario.leavesTraces ?? false;
    try {
      guest ??= await bootGuest({ machine, ...files(series, machine), scratch, patience });
      report('✓', await within(deadline(scenario) * patience, 'not done', scenario.run(guest)));
      tally.passed += 1;
    } catch (error) {
      report('✗', [describe(error), (await guest?.log()) ?? '']);
      tally.failed += 1;
      ruined = true;
    }
    if (ruined) {
      await guest?.stop();
      guest = undefined;
    }
  }
  await guest?.stop();
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${describe(error.cause)}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
