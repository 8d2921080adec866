/**
 * @module The parameter `pcie_acs_override=` of kernels with the out-of-tree "ACS override" patch.
 */
import { type Fact, isUnknown } from '../../facts/fact.ts';

export interface PcieAcsOverride {
  /** All root and switch downstream ports without an ACS capability count as isolated. */
  readonly downstream: boolean;
  /** So do multifunction endpoints and upstream ports. */
  readonly multifunction: boolean;
  /** And functions with these ids. */
  readonly ids: readonly { readonly vendor: number; readonly device: number }[];
}

/** The patch has a table of 16 and stops one short of it. */
const MOST_IDS = 15;
const ID = /^id:([0-9a-f]{4}):([0-9a-f]{4})/i;

/**
 * Reads the value and adds it to what an earlier parameter said. Words go by their beginning, as in the patch.
 *
 * @param wrong Told of each word that says nothing.
 */
export function parsePcieAcsOverride(
  value: string,
  before: PcieAcsOverride | undefined,
  wrong: (message: string) => void,
): PcieAcsOverride {
  let downstream = before?.downstream ?? false;
  let multifunction = before?.multifunction ?? false;
  const ids = [...(before?.ids ?? [])];
  for (const word of value.split(',')) {
    const id = ID.exec(word);
    if (word.startsWith('downstream')) downstream = true;
    else if (word.startsWith('multifunction')) multifunction = true;
    else if (id === null) wrong(`"${word}" is none of downstream, multifunction, id:VVVV:DDDD`);
    else if (ids.length >= MOST_IDS) wrong(`"${word}" is one id more than the ${MOST_IDS} that the patch has room for`);
    else
      ids.push(
        Object.freeze({ vendor: Number.parseInt(id[1] as string, 16), device: Number.parseInt(id[2] as string, 16) }),
      );
  }
  return Object.freeze({ downstream, multifunction, ids: Object.freeze(ids) });
}

/**
 * Whether the kernel that wrote this log has the patch: it warns then; a kernel without it lists the parameter among
 * those it does not know. `undefined` where the log says neither (its beginning may be lost).
 */
export function honoursPcieAcsOverride(log: Fact<readonly string[]>): boolean | undefined {
  if (isUnknown(log)) return undefined;
  if (log.some((line) => line.includes('PCIe ACS overrides enabled'))) return true;
  const unknownTo = log.some(
    (line) => line.includes('Unknown kernel command line parameters') && line.includes('pcie_acs_override'),
  );
  return unknownTo ? false : undefined;
}
