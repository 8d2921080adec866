/**
 * @module What the kernel's command line says about IOMMUs, ACS, interrupts and the order of PCI functions.
 */
import type { Diagnostic } from '../../facts/diagnostic.ts';
import type { ConfigAcs } from './config-acs.ts';
import type { DeviceSelector } from './device-selector.ts';
import type { IvrsAcpiHidOverride, IvrsSpecialOverride } from './ivrs-override.ts';
import type { KernelWord } from './kernel-words.ts';
import type { PcieAcsOverride } from './pcie-acs-override.ts';

/** `intel_iommu=`; of words that contradict each other the last holds. */
interface IntelIommuOptions {
  readonly on: boolean;
  readonly off: boolean;
  readonly igfxOff: boolean;
  readonly strict: boolean;
  readonly superpageOff: boolean;
  /** Scalable mode asked for (`sm_on`), refused (`sm_off`), or left to the driver. */
  readonly scalableMode: boolean | undefined;
  readonly tbootNoForce: boolean;
}

/** `amd_iommu=`. There is no `on`. */
export interface AmdIommuOptions {
  /** ACS is switched on all the same. */
  readonly off: boolean;
  readonly forceEnable: boolean;
  readonly forceIsolation: boolean;
  readonly fullFlush: boolean;
}

/** `iommu=`, which x86 alone has. */
export interface IommuOptions {
  /** No IOMMU driver at all. */
  readonly off: boolean;
  readonly force: boolean;
  /** Bounce buffers; does not stop VT-d or AMD-Vi. */
  readonly soft: boolean;
}

/** `intremap=` and `nointremap`. */
export interface InterruptRemappingOptions {
  readonly off: boolean;
  /** Source ids are not checked: isolation is weaker, although Linux goes on to call it isolated. */
  readonly noSourceId: boolean;
  readonly noX2apicOptOut: boolean;
}

/** `pci=`. */
interface PciOptions {
  /** ATS off; Translation Blocking on wherever implemented. */
  readonly noAts: boolean;
  readonly noAri: boolean;
  /** Functions are sorted breadth first before the IOMMU driver sees them; `undefined`: as the firmware's tables say. */
  readonly breadthFirst: boolean | undefined;
  /** `breadthFirst === true`. */
  readonly bfsort: boolean;
  readonly pcieScanAll: boolean;
  readonly noMmConfig: boolean;
  /** `disable_acs_redir=`; of several parameters the last holds. */
  readonly disableAcsRedir: readonly DeviceSelector[];
  /** `config_acs=`; of several parameters the last holds. */
  readonly configAcs: readonly ConfigAcs[];
}

export interface KernelOptions {
  readonly intelIommu: IntelIommuOptions;
  readonly amdIommu: AmdIommuOptions;
  readonly iommu: IommuOptions;
  readonly intremap: InterruptRemappingOptions;
  readonly pci: PciOptions;
  /** Default domains translate one to one: `iommu=pt`, `iommu.passthrough=1`; groups are the same either way. */
  readonly iommuPassthrough: boolean | undefined;
  /** `iommu.strict=`. */
  readonly iommuStrict: boolean | undefined;
  readonly pcieAcsOverride: PcieAcsOverride | undefined;
  readonly ivrs: {
    readonly ioapic: readonly IvrsSpecialOverride[];
    readonly hpet: readonly IvrsSpecialOverride[];
    readonly acpiHid: readonly IvrsAcpiHidOverride[];
  };
  /** `allow_unsafe_interrupts`; modules can be given it elsewhere, too. */
  readonly unsafeInterrupts: { readonly vfioType1: boolean; readonly iommufd: boolean };
  /** `vfio.enable_unsafe_noiommu_mode`. */
  readonly unsafeNoIommu: boolean;
  /** `arm-smmu.disable_bypass`. */
  readonly smmuDisableBypass: boolean | undefined;
  /** All words for the kernel, in order. */
  readonly words: readonly KernelWord[];
  /** Words among these parameters that the kernel cannot use. */
  readonly diagnostics: readonly Diagnostic[];
}
