/**
 * @module ACPI MCFG table: where extended configuration space is mapped, hence which busses can have it.
 */

export interface McfgTable {
  readonly kind: 'mcfg';
  readonly windows: readonly {
    readonly base: bigint;
    readonly segment: number;
    readonly firstBus: number;
    readonly lastBus: number;
  }[];
}
