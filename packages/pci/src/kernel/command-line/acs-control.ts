/**
 * @module The ACS control word that Linux writes, from what the firmware left and what the command line says. For
 * "what if" questions: on a booted machine the register itself is the answer.
 */
import { ACS_CR, ACS_EC, ACS_REQUIRED, ACS_RR, ACS_TB } from '../../config-space/acs.ts';
import type { PciAddress } from '../../facts/address.ts';
import { isUnknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { KernelRules } from '../series.ts';
import type { ConfigAcs } from './config-acs.ts';
import { matchesSelector } from './device-selector.ts';
import type { KernelOptions } from './kernel-options.ts';

const REDIRECT = ACS_RR | ACS_CR | ACS_EC;
const WORD = 0xffff;

export interface AcsWords {
  readonly capability: number;
  /** Control before Linux wrote it. */
  readonly firmwareControl: number;
  /** Control after the standard procedure, before parameters: see `enabledAcsControl`. */
  readonly kernelControl: number;
}

/**
 * What the standard procedure makes of the control word (pci_std_enable_acs). Bits are only ever added: EC, DT and TB of
 * the firmware stay.
 *
 * @param requested Whether an IOMMU driver asked for ACS; without, nothing is added.
 * @param blockTranslated `pci=noats`, or an external-facing or untrusted function: TB as well.
 */
export function enabledAcsControl(
  capability: number,
  firmwareControl: number,
  requested: boolean,
  blockTranslated: boolean,
): number {
  if (!requested) return firmwareControl;
  return firmwareControl | (capability & (blockTranslated ? ACS_REQUIRED | ACS_TB : ACS_REQUIRED));
}

/** What the command line says of one function. */
export interface AcsParameters {
  /** `disable_acs_redir=` names it. */
  readonly redirectDisabled: boolean;
  /** The first entry of `config_acs=` that names it. */
  readonly config: ConfigAcs | undefined;
}

/**
 * Finds a function in the parameters. Entries that name it only perhaps, its ids not being known, are passed over.
 *
 * @param chain Addresses from the root bus down to and with the function.
 */
export function acsParametersFor(
  options: KernelOptions,
  f: PciFunction,
  chain: readonly PciAddress[],
  rules: KernelRules,
): AcsParameters {
  const names = (selector: ConfigAcs['selector']): boolean => {
    const match = matchesSelector(selector, f, chain);
    return !isUnknown(match) && match;
  };
  return {
    redirectDisabled: options.pci.disableAcsRedir.some(names),
    config: readableEntries(options.pci.configAcs, rules).find((entry) => names(entry.selector)),
  };
}

/** Before the fix, the bits of the first entry that forces any stood for all, and the text of the next was no device. */
function readableEntries(entries: readonly ConfigAcs[], rules: KernelRules): readonly ConfigAcs[] {
  if (rules.configAcs === 'absent') return [];
  if (rules.configAcs === 'fixed') return entries;
  const last = entries.findIndex((entry) => entry.mask !== 0);
  return last < 0 ? entries : entries.slice(0, last + 1);
}

/**
 * The control word in the end. Bits that the capability lacks are left out: the register ignores them.
 *
 * Seen on real boots, firmware control 0: 6.1.192 leaves 0x11 of 0x1d for disable_acs_redir=, 6.12.113 and 7.3.4 leave
 * 0; config_acs=0011101 gives 0x1d, =1xxxxxx gives 0x40, =0xxxx01 gives 0x01, whether an IOMMU driver asked or not.
 *
 * @param sunrisePoint The function is one of Intel's Sunrise Point root ports (isSunrisePointRootPort), whose control
 * dword has its own handler: either parameter then only clears RR, CR and EC.
 */
export function applyAcsParameters(
  words: AcsWords,
  parameters: AcsParameters,
  rules: KernelRules,
  sunrisePoint = false,
): number {
  const { capability, firmwareControl, kernelControl } = words;
  let control = kernelControl;
  if (sunrisePoint) {
    const named = parameters.redirectDisabled || (parameters.config !== undefined && rules.configAcs !== 'absent');
    return (named ? control & ~REDIRECT : control) & capability;
  }
  if (parameters.redirectDisabled) control = withoutRedirect(control, firmwareControl, rules);
  if (parameters.config !== undefined) control = configured(control, firmwareControl, parameters.config, rules);
  return control & capability;
}

function withoutRedirect(control: number, firmwareControl: number, rules: KernelRules): number {
  switch (rules.disableAcsRedir) {
    case 'plain':
      return control & ~REDIRECT;
    // Takes the very bits it should clear from the firmware, and sets all others.
    case 'broken-6.11':
      return (control & ~REDIRECT) | (firmwareControl & REDIRECT) | (~REDIRECT & WORD);
    // Starts from the firmware's word: SV and UF that the kernel had added are lost.
    case 'firmware-only':
      return firmwareControl & ~REDIRECT;
  }
}

/** The second of two parameters starts from the firmware's word again, not from what the first one made. */
function configured(control: number, firmwareControl: number, config: ConfigAcs, rules: KernelRules): number {
  switch (rules.configAcs) {
    case 'absent':
      return control;
    // The sense of the mask is inverted: forced bits come from the firmware and can only be added to.
    case 'broken-6.11':
      return (control & ~config.mask) | (firmwareControl & config.mask) | config.flags;
    case 'fixed':
      return (firmwareControl & ~config.mask) | config.flags;
  }
}
