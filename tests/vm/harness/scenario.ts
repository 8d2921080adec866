/**
 * @module One thing that must hold in a real guest.
 */
import type { Guest } from './guest.ts';
import type { GuestMachine, KernelSeries } from './machine.ts';

export interface Scenario {
  /** A few words; `--only` takes an expression that finds it. */
  readonly name: string;
  readonly machine: GuestMachine;
  /** Both when absent. */
  readonly kernels?: readonly KernelSeries[];
  /** Deadline of the whole; 120 when absent. */
  readonly seconds?: number;
  /** Scenarios of a machine share one boot. This one does not leave it as it was. */
  readonly leavesTraces?: boolean;
  /** Does it, and throws where it does not hold. Returns lines for the report: what there is to tell. */
  run(guest: Guest): Promise<readonly string[]>;
}
