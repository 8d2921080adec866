/**
 * @module The machine that `--machine` names: whatever the inventory opens, or `sim:` and a text in the language of machines.
 */
import { type OpenedMachine, type OpenOptions, openWithFiles } from '@isogroups/inventory';
import type { SimulatedMachine } from '@isogroups/simulator';
import { UsageError } from './command.ts';
import { SIMULATED } from './simulated-prefix.ts';
import type { StandardInput } from './standard-input.ts';

/** @throws UsageError for a text that describes no machine, CannotReadMachine for the rest. */
export async function openWhere(
  where: string | undefined,
  stdin: StandardInput,
  reading: Pick<OpenOptions, 'overrides'> = {},
): Promise<OpenedMachine> {
  if (where?.startsWith(SIMULATED)) {
    const live = await simulated(where.slice(SIMULATED.length));
    return { machine: live.facts(), tree: live.tree };
  }
  return openWithFiles(where, where === '-' ? { stdin } : reading);
}

/** @throws UsageError with the place in the text, and what was expected there. */
export async function simulated(text: string): Promise<SimulatedMachine> {
  const { DescriptionError, simulate } = await import('@isogroups/simulator');
  try {
    return simulate(text);
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
    const [says = '', ...shown] = error.message.split('\n');
    throw new UsageError(`no machine: ${says}`, shown.length === 0 ? undefined : shown.join('\n'));
  }
}
