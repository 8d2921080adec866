/**
 * @module Functions whose isolation Linux knows from their ids (pci_dev_acs_enabled[] of drivers/pci/quirks.c), in the
 * kernel's order: the first row that has an opinion decides, over any ACS capability. Why the order matters: a
 * vendor's general rows (`any`) stand between or after its single devices.
 */
import type { KernelRules } from '../kernel/series.ts';

/** What a row tests and answers; the logic is in acs-handlers.ts. */
export type AcsQuirkHandler =
  | 'amd-southbridge'
  | 'multifunction-endpoint'
  | 'rc-integrated-endpoint'
  | 'qualcomm-root-port'
  | 'intel-pch-root-port'
  | 'intel-sunrise-point-root-port'
  | 'cavium-root-port'
  | 'xgene-root-port'
  | 'broadcom-root-port'
  | 'loongson-root-port'
  | 'annapurna-root-port'
  | 'nxp-root-port'
  | 'zhaoxin-port'
  | 'wangxun-nic'
  | 'pcie-acs-override';

/** The rule that says whether a release has the row; `all`: every release since 6.1. */
type AcsQuirkPresence = 'all' | 'loongsonAcsRows' | 'qualcommHamoaAcsRows';

export interface AcsQuirkRow {
  /** Place in the table, from 0. */
  readonly order: number;
  readonly vendor: number | 'any';
  readonly device: number | 'any';
  readonly handler: AcsQuirkHandler;
  readonly presence: AcsQuirkPresence;
  /** Which devices, for people. */
  readonly what: string;
  /** Where the rule stands: file and function. */
  readonly source: string;
}

const FUNCTIONS: Readonly<Record<AcsQuirkHandler, string>> = {
  'amd-southbridge': 'pci_quirk_amd_sb_acs',
  'multifunction-endpoint': 'pci_quirk_mf_endpoint_acs',
  'rc-integrated-endpoint': 'pci_quirk_rciep_acs',
  'qualcomm-root-port': 'pci_quirk_qcom_rp_acs',
  'intel-pch-root-port': 'pci_quirk_intel_pch_acs',
  'intel-sunrise-point-root-port': 'pci_quirk_intel_spt_pch_acs',
  'cavium-root-port': 'pci_quirk_cavium_acs',
  'xgene-root-port': 'pci_quirk_xgene_acs',
  'broadcom-root-port': 'pci_quirk_brcm_acs',
  'loongson-root-port': 'pci_quirk_loongson_acs',
  'annapurna-root-port': 'pci_quirk_al_acs',
  'nxp-root-port': 'pci_quirk_nxp_rp_acs',
  'zhaoxin-port': 'pci_quirk_zhaoxin_pcie_ports_acs',
  'wangxun-nic': 'pci_quirk_wangxun_nic_acs',
  'pcie-acs-override': 'pcie_acs_overrides',
};

/** Rows of one vendor, handler and family: `[vendor, handler, what, devices, presence]`. */
type Family = readonly [
  vendor: number,
  handler: AcsQuirkHandler,
  what: string,
  devices: readonly number[] | 'any',
  presence?: AcsQuirkPresence,
];

const ATI = 0x1002;
const AMD = 0x1022;
const INTEL = 0x8086;
const QUALCOMM = 0x17cb;
const CAVIUM = 0x177d;
const AMPERE = 0x1def;
const BROADCOM = 0x14e4;
const SOLARFLARE = 0x1924;
const LOONGSON = 0x0014;
const ZHAOXIN = 0x1d17;
const NXP = 0x1957;

const ENDPOINT = 'multifunction-endpoint';

// biome-ignore format: one family a line reads as the table that it is
const FAMILIES: readonly Family[] = [
  [ATI, 'amd-southbridge', 'SBx00 SMBus', [0x4385]],
  [ATI, 'amd-southbridge', 'SB7x0/SB8x0/SB9x0 IDE', [0x439c]],
  [ATI, 'amd-southbridge', 'SBx00 HD audio', [0x4383]],
  [ATI, 'amd-southbridge', 'SB7x0/SB8x0/SB9x0 LPC bridge', [0x439d]],
  [ATI, 'amd-southbridge', 'SBx00 PCI bridge', [0x4384]],
  [ATI, 'amd-southbridge', 'SB7x0/SB8x0/SB9x0 USB OHCI', [0x4399]],
  [AMD, 'amd-southbridge', 'FCH PCI bridge', [0x780f]],
  [AMD, 'amd-southbridge', 'FCH USB OHCI', [0x7809]],
  [SOLARFLARE, ENDPOINT, 'Solarflare SFC9100 and SFC9200 network', [0x0903, 0x0923, 0x0a03]],
  [INTEL, ENDPOINT, 'Intel 82598 network', [0x10c6, 0x10db, 0x10dd, 0x10e1, 0x10f1]],
  [INTEL, ENDPOINT, 'Intel 82599 and X520 network', [0x10f7, 0x10f8, 0x10f9, 0x10fa, 0x10fb, 0x10fc, 0x1507, 0x1514, 0x151c,
    0x1529, 0x152a, 0x154d, 0x154f, 0x1551, 0x1558]],
  [INTEL, ENDPOINT, 'Intel 82580 network', [0x1509, 0x150e, 0x150f, 0x1510, 0x1511, 0x1516, 0x1527]],
  [INTEL, ENDPOINT, 'Intel 82576 network', [0x10c9, 0x10e6, 0x10e7, 0x10e8, 0x150a, 0x150d, 0x1518, 0x1526]],
  [INTEL, ENDPOINT, 'Intel 82575 network', [0x10a7, 0x10a9, 0x10d6]],
  [INTEL, ENDPOINT, 'Intel I350 network', [0x1521, 0x1522, 0x1523, 0x1524]],
  [INTEL, ENDPOINT, 'Intel 82571 network', [0x105e, 0x105f, 0x1060, 0x10d9]],
  [INTEL, ENDPOINT, 'Intel I219 network', [0x15b7, 0x15b8]],
  [INTEL, 'rc-integrated-endpoint', 'any Intel root complex integrated endpoint', 'any'],
  [QUALCOMM, 'qualcomm-root-port', 'Qualcomm QDF2400 and QDF2432 root port', [0x0400, 0x0401]],
  [QUALCOMM, 'qualcomm-root-port', 'Qualcomm SA8775P root port', [0x0115]],
  [QUALCOMM, 'qualcomm-root-port', 'Qualcomm Hamoa root port', [0x0111], 'qualcommHamoaAcsRows'],
  [QUALCOMM, 'qualcomm-root-port', 'Qualcomm Glymur root port', [0x0120], 'qualcommHamoaAcsRows'],
  [0x1dbf, 'qualcomm-root-port', 'HXT SD4800 root port', [0x0401]],
  [INTEL, 'intel-pch-root-port', 'Intel PCH root port (5 to 9 series, X79, X99)', 'any'],
  [INTEL, 'intel-sunrise-point-root-port', 'Intel PCH root port (100 and 200 series)', 'any'],
  [0x19a2, ENDPOINT, 'Emulex BE3-R network', [0x0710]],
  [0x10df, ENDPOINT, 'Emulex Skyhawk-R network', [0x0720]],
  [CAVIUM, 'cavium-root-port', 'Cavium ThunderX root port', 'any'],
  [CAVIUM, ENDPOINT, 'Cavium BGX, CGX and RPM network', [0xa026, 0xa059, 0xa060]],
  [0x10e8, 'xgene-root-port', 'APM X-Gene root port', [0xe004]],
  [AMPERE, 'xgene-root-port', 'Ampere eMAG root port', [0xe005, 0xe006, 0xe007, 0xe008, 0xe009, 0xe00a, 0xe00b, 0xe00c]],
  [BROADCOM, ENDPOINT, 'Broadcom NetXtreme-E network', [0x16d7, 0x1750, 0x1751, 0x1752, 0x1760, 0x1761, 0x1762, 0x1763]],
  [BROADCOM, 'broadcom-root-port', 'Broadcom iProc root port', [0xd714]],
  [LOONGSON, 'loongson-root-port', 'Loongson root port', [0x3c09, 0x3c19, 0x3c29, 0x7a09, 0x7a19, 0x7a29, 0x7a39, 0x7a49, 0x7a59,
    0x7a69], 'loongsonAcsRows'],
  [0x1c36, 'annapurna-root-port', 'Amazon Annapurna Labs root port', [0x0031]],
  [ZHAOXIN, ENDPOINT, 'Zhaoxin USB and SATA', [0x3038, 0x3104, 0x9083]],
  [NXP, 'nxp-root-port', 'NXP Layerscape root port', [0x8d81, 0x8da1, 0x8d83, 0x8d80, 0x8da0, 0x8d82, 0x8d90, 0x8db0, 0x8d92,
    0x8d91, 0x8db1, 0x8d93, 0x8d89, 0x8da9, 0x8d8b, 0x8d88, 0x8da8, 0x8d8a, 0x8d98, 0x8db8, 0x8d9a, 0x8d99, 0x8db9, 0x8d9b]],
  [ZHAOXIN, 'zhaoxin-port', 'any Zhaoxin root or downstream port', 'any'],
  [0x8088, 'wangxun-nic', 'any Wangxun function', 'any'],
];

/** All rows of the mainline table. */
export const ACS_QUIRKS: readonly AcsQuirkRow[] = Object.freeze(expand(FAMILIES));

/**
 * The last row of kernels with the "ACS override" patch (linux-zen, Proxmox, Unraid; never in mainline): every in-tree
 * row wins over it.
 */
export const ACS_OVERRIDE_ROW: AcsQuirkRow = Object.freeze({
  order: ACS_QUIRKS.length,
  vendor: 'any',
  device: 'any',
  handler: 'pcie-acs-override',
  presence: 'all',
  what: 'kernel parameter pcie_acs_override=',
  source: `out-of-tree patch:${FUNCTIONS['pcie-acs-override']}`,
});

/** Whether a release with these rules has the row. */
export function isPresent(row: AcsQuirkRow, rules: KernelRules): boolean {
  return row.presence === 'all' || rules[row.presence];
}

function expand(families: readonly Family[]): AcsQuirkRow[] {
  const rows: AcsQuirkRow[] = [];
  for (const [vendor, handler, what, devices, presence = 'all'] of families) {
    const source = `drivers/pci/quirks.c:${FUNCTIONS[handler]}`;
    for (const device of devices === 'any' ? (['any'] as const) : devices) {
      rows.push(Object.freeze({ order: rows.length, vendor, device, handler, presence, what, source }));
    }
  }
  return rows;
}
