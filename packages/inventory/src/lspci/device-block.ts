/**
 * @module One device in the text of lspci, cut into the things that are said of it.
 */
import type { SlotName } from './slot-name.ts';

/** One thing that lspci says, with all the lines that it takes. */
export interface TextRecord {
  /** `Subsystem`, `Bus`, `Capabilities`, …; empty for a heading. */
  readonly key: string;
  /** What follows the key, lines joined. */
  readonly text: string;
  /** The same without white space: the same however lines were broken, within words too. Matching is done on it. */
  readonly squeezed: string;
  /** Number of its first line. */
  readonly line: number;
  /** The text ends in it. */
  readonly cut: boolean;
}

/** `10: 00 00 00 fe …` */
export interface HexRow {
  readonly offset: number;
  readonly bytes: readonly number[];
  readonly line: number;
}

export interface DeviceBlock {
  readonly slot: SlotName;
  /** What follows the slot in the heading. */
  readonly heading: TextRecord;
  /** Properties by key; of two with one key the first. */
  readonly properties: ReadonlyMap<string, TextRecord>;
  readonly capabilities: readonly TextRecord[];
  readonly hexRows: readonly HexRow[];
  /** From the form `IOMMU Group 7:` that shell loops over /sys/kernel/iommu_groups print before their devices. */
  readonly listedGroup: number | undefined;
  /** The text says that it leaves something out of it: `[...]`. */
  readonly elided: boolean;
  /** The text ends here, perhaps before lspci did. */
  readonly unfinished: boolean;
}
