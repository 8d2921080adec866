/**
 * @module Kernel options while they are being collected.
 */
import type { Diagnostic } from '../../facts/diagnostic.ts';
import type { ConfigAcs } from './config-acs.ts';
import type { DeviceSelector } from './device-selector.ts';
import type { IvrsAcpiHidOverride, IvrsSpecialOverride } from './ivrs-override.ts';
import type { AmdIommuOptions, InterruptRemappingOptions, IommuOptions, KernelOptions } from './kernel-options.ts';
import type { KernelWord } from './kernel-words.ts';
import type { PcieAcsOverride } from './pcie-acs-override.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The shape of KernelOptions, but flat and writable. */
export interface OptionsDraft {
  readonly intelIommu: Writable<KernelOptions['intelIommu']>;
  readonly amdIommu: Writable<AmdIommuOptions>;
  readonly iommu: Writable<IommuOptions>;
  readonly intremap: Writable<InterruptRemappingOptions>;
  readonly pci: Writable<Omit<KernelOptions['pci'], 'bfsort'>>;
  iommuPassthrough: boolean | undefined;
  iommuStrict: boolean | undefined;
  pcieAcsOverride: PcieAcsOverride | undefined;
  readonly ivrs: { ioapic: IvrsSpecialOverride[]; hpet: IvrsSpecialOverride[]; acpiHid: IvrsAcpiHidOverride[] };
  readonly unsafeInterrupts: Writable<KernelOptions['unsafeInterrupts']>;
  unsafeNoIommu: boolean;
  smmuDisableBypass: boolean | undefined;
}

/** What a kernel has without any option. */
export function newDraft(): OptionsDraft {
  return {
    intelIommu: {
      on: false,
      off: false,
      igfxOff: false,
      strict: false,
      superpageOff: false,
      scalableMode: undefined,
      tbootNoForce: false,
    },
    amdIommu: { off: false, forceEnable: false, forceIsolation: false, fullFlush: false },
    iommu: { off: false, force: false, soft: false },
    intremap: { off: false, noSourceId: false, noX2apicOptOut: false },
    pci: {
      noAts: false,
      noAri: false,
      breadthFirst: undefined,
      pcieScanAll: false,
      noMmConfig: false,
      disableAcsRedir: NO_SELECTORS,
      configAcs: NO_ENTRIES,
    },
    iommuPassthrough: undefined,
    iommuStrict: undefined,
    pcieAcsOverride: undefined,
    ivrs: { ioapic: [], hpet: [], acpiHid: [] },
    unsafeInterrupts: { vfioType1: false, iommufd: false },
    unsafeNoIommu: false,
    smmuDisableBypass: undefined,
  };
}

const NO_SELECTORS: readonly DeviceSelector[] = Object.freeze([]);
const NO_ENTRIES: readonly ConfigAcs[] = Object.freeze([]);

/** The draft, frozen. It must not be used after. */
export function finishDraft(
  draft: OptionsDraft,
  words: readonly KernelWord[],
  diagnostics: readonly Diagnostic[],
): KernelOptions {
  for (const part of Object.values(draft)) if (typeof part === 'object') Object.freeze(part);
  for (const list of Object.values(draft.ivrs)) Object.freeze(list);
  return Object.freeze({
    ...draft,
    pci: Object.freeze({ ...draft.pci, bfsort: draft.pci.breadthFirst === true }),
    words: Object.freeze(words),
    diagnostics: Object.freeze(diagnostics),
  });
}
