/**
 * @module Reads /proc/cmdline.
 */
import { type Diagnostic, diagnostic } from '../../facts/diagnostic.ts';
import { readIvrsOverride } from './ivrs-override.ts';
import type { KernelOptions } from './kernel-options.ts';
import { type KernelWord, kernelWords, parameterName, parseBoolean } from './kernel-words.ts';
import {
  AMD_IOMMU_WORDS,
  applyWords,
  INTEL_IOMMU_WORDS,
  INTREMAP_WORDS,
  IOMMU_WORDS,
  type OptionWord,
} from './option-words.ts';
import { finishDraft, newDraft, type OptionsDraft } from './options-draft.ts';
import { readPci } from './pci-parameter.ts';
import { parsePcieAcsOverride } from './pcie-acs-override.ts';

type Complain = (message: string) => void;
type Reader = (draft: OptionsDraft, value: string, complain: Complain) => void;

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    intel_iommu: words('intel_iommu', INTEL_IOMMU_WORDS),
    amd_iommu: words('amd_iommu', AMD_IOMMU_WORDS),
    iommu: words('iommu', IOMMU_WORDS),
    intremap: words('intremap', INTREMAP_WORDS),
    pci: readPci,
    pcie_acs_override: (draft, value, complain) => {
      draft.pcieAcsOverride = parsePcieAcsOverride(value, draft.pcieAcsOverride, complain);
    },
    'iommu.passthrough': truth((draft, on) => Object.assign(draft, { iommuPassthrough: on })),
    'iommu.strict': truth((draft, on) => Object.assign(draft, { iommuStrict: on })),
  } satisfies Record<string, Reader>),
);

/** Module parameters. Naming one without a value switches it on. */
const MODULE_READERS: ReadonlyMap<string, Reader> = new Map([
  [
    'vfio_iommu_type1.allow_unsafe_interrupts',
    truth(({ unsafeInterrupts }, on) => Object.assign(unsafeInterrupts, { vfioType1: on })),
  ],
  [
    'iommufd.allow_unsafe_interrupts',
    truth(({ unsafeInterrupts }, on) => Object.assign(unsafeInterrupts, { iommufd: on })),
  ],
  ['vfio.enable_unsafe_noiommu_mode', truth((draft, on) => Object.assign(draft, { unsafeNoIommu: on }))],
  ['arm_smmu.disable_bypass', truth((draft, on) => Object.assign(draft, { smmuDisableBypass: on }))],
]);

/**
 * Reads a command line. Never fails: what the kernel would not understand becomes a diagnostic that names the word.
 *
 * @param text As in /proc/cmdline.
 */
export function parseKernelCommandLine(text: string): KernelOptions {
  const list = kernelWords(text);
  const diagnostics: Diagnostic[] = [];
  const draft = newDraft();
  for (const word of list) {
    readWord(draft, word, (message) => {
      diagnostics.push(diagnostic('warning', 'proc/cmdline', `${shortened(word.text)}: ${message}`, word.offset));
    });
  }
  return finishDraft(draft, list, diagnostics);
}

function readWord(draft: OptionsDraft, word: KernelWord, complain: Complain): void {
  const name = parameterName(word.name);
  const { value } = word;
  if (name === 'nointremap') draft.intremap.off = true;
  else if (name.startsWith('ivrs_')) readIvrsOverride(draft.ivrs, word, complain);
  else if (MODULE_READERS.has(name)) MODULE_READERS.get(name)?.(draft, value ?? '1', complain);
  else if (value !== undefined) READERS.get(name)?.(draft, value, complain);
  else if (READERS.has(name)) complain('the parameter has no value; the kernel ignores it');
}

const LONGEST = 80;
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function words(name: string, known: readonly OptionWord[]): Reader {
  return (draft, value, complain) => {
    for (const word of applyWords(value, known, draft)) {
      complain(`"${word}" is no option of ${name}=; the kernel ignores it`);
    }
  };
}

function truth(effect: (draft: OptionsDraft, on: boolean) => void): Reader {
  return (draft, value, complain) => {
    const on = parseBoolean(value);
    if (on === undefined) complain(`"${value}" is no truth value; the kernel ignores it`);
    else effect(draft, on);
  };
}
