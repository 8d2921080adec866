/**
 * @module ACPI IORT table (ARM): how requester ids reach SMMUs and interrupt translation services.
 */

export interface IortMapping {
  readonly offset: number;
  readonly inputBase: number;
  /** Inclusive: `inputBase + count - 1` as the kernel computes it from "number of ids minus one". */
  readonly inputLast: number;
  readonly outputBase: number;
  /** Offset of the target node from the table's start. */
  readonly outputReference: number;
  readonly single: boolean;
}

interface IortNodeBase {
  /** Offset from the table's start: how other nodes refer to this one. */
  readonly offset: number;
  readonly revision: number;
  readonly mappings: readonly IortMapping[];
}

export type IortNode = IortNodeBase &
  (
    | { readonly kind: 'its-group'; readonly itsIds: readonly number[] }
    | { readonly kind: 'named-component'; readonly objectPath: string }
    | { readonly kind: 'root-complex'; readonly segment: number; readonly ats: boolean }
    | { readonly kind: 'smmu'; readonly base: bigint; readonly model: number }
    | {
        readonly kind: 'smmu-v3';
        readonly base: bigint;
        readonly flags: number;
        readonly model: number;
        /** Index of the mapping that is the SMMU's own, which is skipped when ids are translated; -1 for none. */
        readonly ownMapping: number;
      }
    | { readonly kind: 'pmcg' }
    | {
        readonly kind: 'rmr';
        readonly flags: number;
        readonly regions: readonly { readonly base: bigint; readonly length: bigint }[];
      }
    | { readonly kind: 'other'; readonly type: number }
  );

export interface IortTable {
  readonly kind: 'iort';
  readonly nodes: readonly IortNode[];
}
