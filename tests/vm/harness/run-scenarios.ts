/**
 * @module Runs scenarios, one guest at a time, and reports each.
 */
import type { BootFiles } from './boot-files.ts';
import { bootGuest, type Guest } from './guest.ts';
import type { Extra, KernelSeries } from './machine.ts';
import type { Scenario } from './scenario.ts';
import { within } from './within.ts';

/** @returns how many held and how many did not, over all kernels */
export async function runScenarios(
  scenarios: readonly Scenario[],
  kernels: readonly KernelSeries[],
  files: (series: KernelSeries, extras: readonly Extra[]) => BootFiles,
  scratch: string,
): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  let failed = 0;
  const machines = new Set(scenarios.map(({ machine }) => machine));
  for (const series of kernels) {
    for (const machine of machines) {
      const boot = () => bootGuest({ machine, ...files(series, machine.extras ?? []), scratch });
      let guest: Guest | undefined;
      for (const scenario of scenarios) {
        if (scenario.machine !== machine || !(scenario.kernels ?? kernels).includes(series)) continue;
        const start = performance.now();
        const report = (verdict: string) =>
          console.log(`${verdict} ${series} ${machine.name}: ${scenario.name} (${secondsSince(start)} s)`);
        try {
          guest ??= await boot();
          const lines = await within(scenario.seconds ?? 120, 'not done', scenario.run(guest));
          report('✓');
          for (const line of lines ?? []) console.log(`    ${line}`);
          passed++;
        } catch (error) {
          report('✗');
          console.log(indented(`${describe(error)}\n${(await guest?.log()) ?? ''}`));
          failed++;
          await guest?.stop();
          guest = undefined;
        }
        if (scenario.leavesTraces) {
          await guest?.stop();
          guest = undefined;
        }
      }
      await guest?.stop();
    }
  }
  return { passed, failed };
}

function secondsSince(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${describe(error.cause)}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
