/**
 * @module Functions for which Linux switches isolation on in a way of their own, for explanations. They take effect only
 * where an IOMMU driver asked for ACS; a function that a row handles is left alone by the standard procedure.
 */

export interface AcsEnableQuirk {
  readonly what: string;
  /** Which functions, in words. */
  readonly appliesTo: string;
  /** What is written, step by step. */
  readonly steps: readonly string[];
  /** What it means for grouping. */
  readonly effect: string;
  readonly source: string;
}

export const ACS_ENABLE_QUIRKS: readonly AcsEnableQuirk[] = Object.freeze([
  {
    what: 'Intel chipset root ports without an ACS capability',
    appliesTo: 'root ports of PCH_ROOT_PORTS',
    steps: [
      'dword 0xf0 (RCBA) of device 31, function 0 on the same bus; bit 0 clear: gives up',
      'bits 8 and 9 of the dword at RCBA + 0x1104 (BSPR) both set: peer cycles are strapped off already',
      'otherwise clears bits 5:0 of the dword at RCBA + 0x1014 (UPDCR)',
      'sets bit 26 (IRBNCE) of dword 0xd8 (MPC) of the root port',
    ],
    effect: 'isolated if RCBA was enabled, otherwise not, whatever capability the port may have',
    source: 'drivers/pci/quirks.c:pci_quirk_enable_intel_pch_acs',
  },
  {
    what: 'Intel chipset root ports whose ACS registers are dwords',
    appliesTo: 'root ports of SUNRISE_POINT_ROOT_PORTS with an ACS capability',
    steps: [
      'capability is the dword at +4, control the dword at +8',
      'sets SV, RR, CR and UF as far as implemented; TB too with pci=noats or on external-facing and untrusted functions',
      'where disable_acs_redir= names the port, clears RR, CR and EC',
    ],
    effect: 'read back from the dword at +8',
    source: 'drivers/pci/quirks.c:pci_quirk_enable_intel_spt_pch_acs',
  },
]);

/** A workaround that comes with Request Redirect and has no effect on grouping. */
export const STORE_AND_FORWARD_SWITCHES: Readonly<{
  vendor: number;
  devices: readonly number[];
  what: string;
  source: string;
}> = Object.freeze({
  vendor: 0x12d8,
  devices: Object.freeze([0x2404, 0x2304, 0x2303, 0xb404]),
  what: 'Pericom PI7C9X2G downstream ports: with Request Redirect on, the upstream port is put into store-and-forward mode',
  source: 'drivers/pci/quirks.c:pci_fixup_pericom_acs_store_forward',
});
