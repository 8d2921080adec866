/**
 * @module The machine that `--machine` names: whatever the inventory opens, or `sim:` and a text in the language of machines.
 */
import { type OpenOptions, openMachine } from '@isogroups/inventory';
import type { Machine } from '@isogroups/pci';
import type { SimulatedMachine } from '@isogroups/simulator';
import { UsageError } from './command.ts';
import { SIMULATED } from './simulated-prefix.ts';
import type { StandardInput } from './standard-input.ts';

/** @throws UsageError for a text that describes no machine, CannotReadMachine for the rest. */
export async function openWhere(
  where: string | undefined,
  stdin: StandardInput,
  reading: Pick<OpenOptions, 'overrides'> = {},
): Promise<Machine> {
  if (where?.startsWith(SIMULATED)) return (await simulated(where.slice(SIMULATED.length))).facts();
  return openMachine(where, where === '-' ? { stdin } : reading);
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
