/**
 * @module One thing that must hold in a real guest.
 */
import type { Guest } from './guest.ts';
import type { GuestMachine, KernelSeries } from './machine.ts';

export interface Scenario {
  /** A few words; `--only` takes a part of them. */
  readonly name: string;
  readonly machine: GuestMachine;
  /** Both when absent. */
  readonly kernels?: readonly KernelSeries[];
  /** Deadline of the whole; 120 when absent. */
  readonly seconds?: number;
  /**
   * Does it and throws where it does not hold. Scenarios of a machine share one boot, so it leaves the machine as it was,
   * unless it says otherwise.
   */
  readonly leavesTraces?: boolean;
  /** Lines for the report, where there is something to tell. */
  run(guest: Guest): Promise<readonly string[] | undefined>;
}
