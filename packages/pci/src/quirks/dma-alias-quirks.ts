/**
 * @module Functions that send requests under other ids on their bus as well as their own (quirk_*_alias of
 * drivers/pci/quirks.c). Other functions at those ids cannot be told apart from them by an IOMMU.
 */
import { type Fact, type Unknown, unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { KernelRules } from '../kernel/series.ts';

/** Which device and function numbers the requests carry, besides the function's own. */
type DmaAliasRule =
  /** Function `function` of the same slot; nothing for that function itself. It need not exist. */
  | { readonly kind: 'same-slot'; readonly function: number }
  | { readonly kind: 'fixed'; readonly devfns: readonly number[] }
  /** A bridge between partitions whose table of requester ids stands behind BAR 0. */
  | { readonly kind: 'switchtec-table' };

export interface DmaAliasQuirk {
  readonly vendor: number;
  readonly devices: readonly number[];
  readonly rule: DmaAliasRule;
  readonly what: string;
  /** Only with these subsystem ids. */
  readonly subsystem?: { readonly vendor: number; readonly devices: readonly number[] };
  /** Only with this base and sub class. */
  readonly class?: number;
  /** The rule that says whether a release has the row. */
  readonly presence?: 'switchtecPci100x';
  readonly source: string;
}

const INTEL = 0x8086;
const FUNCTION_0: DmaAliasRule = { kind: 'same-slot', function: 0 };
const FUNCTION_1: DmaAliasRule = { kind: 'same-slot', function: 1 };
const CLASS_OTHER_BRIDGE = 0x0680;
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** Gen3, Gen4 and Gen5 Switchtec switches. */
// biome-ignore format: one family a line
const SWITCHTEC: readonly number[] = [
  0x8531, 0x8532, 0x8533, 0x8534, 0x8535, 0x8536, 0x8541, 0x8542, 0x8543, 0x8544, 0x8545, 0x8546,
  0x8551, 0x8552, 0x8553, 0x8554, 0x8555, 0x8556, 0x8561, 0x8562, 0x8563, 0x8564, 0x8565, 0x8566,
  0x8571, 0x8572, 0x8573, 0x8574, 0x8575, 0x8576,
  0x4000, 0x4084, 0x4068, 0x4052, 0x4036, 0x4028, 0x4100, 0x4184, 0x4168, 0x4152, 0x4136, 0x4128,
  0x4200, 0x4284, 0x4268, 0x4252, 0x4236, 0x4228, 0x4352, 0x4336, 0x4328, 0x4452, 0x4436, 0x4428, 0x4552, 0x4536, 0x4528,
  0x5000, 0x5084, 0x5068, 0x5052, 0x5036, 0x5028, 0x5100, 0x5184, 0x5168, 0x5152, 0x5136, 0x5128,
  0x5200, 0x5284, 0x5268, 0x5252, 0x5236, 0x5228, 0x5300, 0x5384, 0x5368, 0x5352, 0x5336, 0x5328,
  0x5400, 0x5484, 0x5468, 0x5452, 0x5436, 0x5428, 0x5500, 0x5584, 0x5568, 0x5552, 0x5536, 0x5528,
];

const quirk = (row: Omit<DmaAliasQuirk, 'source'>, name: string): DmaAliasQuirk =>
  Object.freeze({ ...row, source: `drivers/pci/quirks.c:${name}` });

// biome-ignore format: one family a line
export const DMA_ALIAS_QUIRKS: readonly DmaAliasQuirk[] = Object.freeze([
  quirk({ vendor: 0x1180, devices: [0xe832, 0xe476], rule: FUNCTION_0, what: 'Ricoh card reader' }, 'quirk_dma_func0_alias'),
  quirk({ vendor: 0x6766, devices: [0x3d40, 0x3d41], rule: FUNCTION_0, what: 'Glenfly audio' }, 'quirk_dma_func0_alias'),
  quirk({ vendor: 0x1b4b, devices: [0x9120, 0x9123, 0x9125, 0x9128, 0x9130, 0x9170, 0x9172, 0x917a, 0x9182, 0x9183, 0x91a0,
    0x9215, 0x9220, 0x9230, 0x9235], rule: FUNCTION_1, what: 'Marvell SATA' }, 'quirk_dma_func1_alias'),
  quirk({ vendor: 0x1103, devices: [0x0642, 0x0645], rule: FUNCTION_1, what: 'HighPoint RocketRAID' }, 'quirk_dma_func1_alias'),
  quirk({ vendor: 0x197b, devices: [0x2392], rule: FUNCTION_1, what: 'JMicron JMB388' }, 'quirk_dma_func1_alias'),
  quirk({ vendor: 0x1c28, devices: [0x0122], rule: FUNCTION_1, what: 'Lite-On NVMe' }, 'quirk_dma_func1_alias'),
  quirk({ vendor: 0x9005, devices: [0x0285], subsystem: { vendor: 0x9005, devices: [0x02bb, 0x02bc] },
    rule: { kind: 'fixed', devfns: [0x08] }, what: 'Adaptec 3405 and 3805' }, 'quirk_fixed_dma_alias'),
  quirk({ vendor: INTEL, devices: [0x2260, 0x2264], rule: { kind: 'fixed', devfns: [0x80, 0x88, 0x93] },
    what: 'Intel MIC x200 NTB' }, 'quirk_mic_x200_dma_alias'),
  quirk({ vendor: INTEL, devices: [0x2954, 0x2955, 0x2956, 0x2958, 0x2959, 0x295a],
    rule: { kind: 'fixed', devfns: range(256).filter((devfn) => (devfn & 7) <= 4) }, what: 'Intel VCA behind a PEX NTB' },
    'quirk_pex_vca_alias'),
  quirk({ vendor: 0x10b5, devices: [0x87b0, 0x87b1], rule: { kind: 'fixed', devfns: range(256) }, what: 'PLX NTB' },
    'quirk_plx_ntb_dma_alias'),
  quirk({ vendor: 0x11f8, devices: SWITCHTEC, class: CLASS_OTHER_BRIDGE, rule: { kind: 'switchtec-table' },
    what: 'Microsemi Switchtec NTB' }, 'quirk_switchtec_ntb_dma_alias'),
  quirk({ vendor: 0x1055, devices: [0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006], class: CLASS_OTHER_BRIDGE,
    rule: { kind: 'switchtec-table' }, what: 'Microchip PCI100x NTB', presence: 'switchtecPci100x' },
    'quirk_switchtec_ntb_dma_alias'),
]);

const NONE: readonly number[] = Object.freeze([]);
const vendors: ReadonlySet<number> = new Set(DMA_ALIAS_QUIRKS.map((row) => row.vendor));
const idKey = (vendor: number, device: number): number => vendor * 0x10000 + device;
/** One row at most for each pair of ids. */
const byIds: ReadonlyMap<number, DmaAliasQuirk> = new Map(
  DMA_ALIAS_QUIRKS.flatMap((row) => row.devices.map((device) => [idKey(row.vendor, device), row] as const)),
);

/**
 * Device and function numbers that the function's requests carry besides its own, ascending, as the kernel's bitmap has
 * them: where a quirk covers a whole bus, its own is among them. Only what is certain; see `dmaAliasDoubt` for the rest.
 */
export function dmaAliasMask(f: PciFunction, rules: KernelRules): readonly number[] {
  if (!mayHaveDmaAliases(f)) return NONE;
  const match = matching(f, rules);
  return match === undefined || match.sure !== true ? NONE : devfnsOf(match.quirk.rule, f.devfn);
}

/** Whether any row can be about the function: for nearly all, two look-ups say no. */
export function mayHaveDmaAliases({ vendor, device }: PciFunction): boolean {
  if (typeof vendor !== 'number') return true;
  return vendors.has(vendor) && (typeof device !== 'number' || byIds.has(idKey(vendor, device)));
}

/** Why aliases of a function may be missing from its mask; `undefined` where the mask is all there is. */
export function dmaAliasDoubt(f: PciFunction, rules: KernelRules): Unknown | undefined {
  if (!mayHaveDmaAliases(f)) return undefined;
  const match = matching(f, rules);
  if (match === undefined) return undefined;
  if (match.sure !== true) return match.sure;
  if (match.quirk.rule.kind !== 'switchtec-table') return undefined;
  return unknown(
    `the requester ids of a ${match.quirk.what} stand in a table behind its BAR 0`,
    'the list of aliases in the kernel log ("Add DMA aliases" or "DMA alias")',
  );
}

interface Match {
  readonly quirk: DmaAliasQuirk;
  /** `true`, or what keeps it from being certain. */
  readonly sure: true | Unknown;
}

function matching(f: PciFunction, rules: KernelRules): Match | undefined {
  for (const row of DMA_ALIAS_QUIRKS) {
    if (typeof f.vendor === 'number' && f.vendor !== row.vendor) continue;
    if (row.presence !== undefined && !rules[row.presence]) continue;
    const facts: Fact<boolean>[] = [
      among(f.vendor, [row.vendor]),
      among(f.device, row.devices),
      row.subsystem === undefined || among(f.subsystemVendor, [row.subsystem.vendor]),
      row.subsystem === undefined || among(f.subsystemDevice, row.subsystem.devices),
      row.class === undefined || (typeof f.classCode === 'number' ? f.classCode >> 8 === row.class : f.classCode),
    ];
    if (facts.includes(false)) continue;
    const unsure = facts.find((fact) => fact !== true) as Unknown | undefined;
    return { quirk: row, sure: unsure ?? true };
  }
  return undefined;
}

function among(id: Fact<number>, ids: readonly number[]): Fact<boolean> {
  if (typeof id === 'number') return ids.includes(id);
  if (id.candidates === undefined) return id;
  const hits = id.candidates.filter((candidate) => ids.includes(candidate)).length;
  return hits === 0 ? false : hits === id.candidates.length ? true : id;
}

function devfnsOf(rule: DmaAliasRule, own: number): readonly number[] {
  switch (rule.kind) {
    case 'same-slot':
      return (own & 7) === rule.function ? NONE : [(own & ~7) | rule.function];
    case 'fixed':
      return rule.devfns;
    case 'switchtec-table':
      return NONE;
  }
}
