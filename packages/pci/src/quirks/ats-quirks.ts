/**
 * @module Functions whose Address Translation Services Linux does not use although they offer them.
 */
import type { Fact } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';

export interface NoAtsQuirk {
  readonly vendor: number;
  readonly devices: readonly number[];
  readonly what: string;
  /** Only revisions below this. */
  readonly belowRevision?: number;
  /** Only this revision with these subsystem ids. */
  readonly only?: {
    readonly revision: number;
    readonly subsystemVendor: number;
    readonly subsystemDevices: readonly number[];
  };
  readonly source: string;
}

export const NO_ATS_QUIRKS: readonly NoAtsQuirk[] = Object.freeze([
  {
    vendor: 0x1002,
    devices: [
      0x98e4, 0x6900, 0x7310, 0x7312, 0x7318, 0x7319, 0x731a, 0x731b, 0x731e, 0x731f, 0x7340, 0x7341, 0x7347, 0x734f,
    ],
    what: 'AMD Stoney, Iceland and Navi 10/14 graphics',
    source: 'drivers/pci/quirks.c:quirk_amd_harvest_no_ats',
  },
  {
    vendor: 0x1002,
    devices: [0x15d8],
    what: 'AMD Raven graphics on three boards',
    only: { revision: 0xcf, subsystemVendor: 0xea50, subsystemDevices: [0xce19, 0xcc10, 0xcc08] },
    source: 'drivers/pci/quirks.c:quirk_amd_harvest_no_ats',
  },
  {
    vendor: 0x8086,
    devices: [0x1451, 0x1452, 0x1453, 0x1454, 0x1455, 0x1457, 0x1459, 0x145a, 0x145c],
    what: 'Intel IPU E2000 before revision 0x20',
    belowRevision: 0x20,
    source: 'drivers/pci/quirks.c:quirk_intel_e2000_no_ats',
  },
]);

/** Whether Linux leaves ATS of the function alone; unknown where ids, revision or subsystem decide and were not read. */
export function noAts(f: PciFunction): Fact<boolean> {
  for (const row of NO_ATS_QUIRKS) {
    if (typeof f.vendor === 'number' && f.vendor !== row.vendor) continue;
    const facts = [test(f.vendor, (id) => id === row.vendor), test(f.device, (id) => row.devices.includes(id))];
    const { belowRevision, only } = row;
    if (belowRevision !== undefined) facts.push(test(f.revision, (n) => n < belowRevision));
    if (only !== undefined) {
      facts.push(
        test(f.revision, (n) => n === only.revision),
        test(f.subsystemVendor, (id) => id === only.subsystemVendor),
        test(f.subsystemDevice, (id) => only.subsystemDevices.includes(id)),
      );
    }
    if (!facts.includes(false)) return facts.find((fact) => fact !== true) ?? true;
  }
  return false;
}

function test(fact: Fact<number>, holds: (n: number) => boolean): Fact<boolean> {
  if (typeof fact === 'number') return holds(fact);
  if (fact.candidates === undefined) return fact;
  const hits = fact.candidates.filter(holds).length;
  return hits === 0 ? false : hits === fact.candidates.length ? true : fact;
}
