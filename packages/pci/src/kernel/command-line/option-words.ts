/**
 * @module Parameters whose value is a list of words: `intel_iommu=on,strict`.
 */
import type { OptionsDraft } from './options-draft.ts';

/** A word and what it does. The kernel compares only as much of the text as the word is long. */
export type OptionWord = readonly [word: string, effect: (draft: OptionsDraft) => void];

const nothing = (): void => {};
/** Words that have nothing to do with groups or isolation. */
const other = (...words: readonly string[]): readonly OptionWord[] => words.map((word) => [word, nothing]);

export const INTEL_IOMMU_WORDS: readonly OptionWord[] = [
  ['on', ({ intelIommu }) => Object.assign(intelIommu, { on: true, off: false })],
  ['off', ({ intelIommu }) => Object.assign(intelIommu, { on: false, off: true })],
  ['igfx_off', ({ intelIommu }) => Object.assign(intelIommu, { igfxOff: true })],
  ['strict', ({ intelIommu }) => Object.assign(intelIommu, { strict: true })],
  ['sp_off', ({ intelIommu }) => Object.assign(intelIommu, { superpageOff: true })],
  ['sm_on', ({ intelIommu }) => Object.assign(intelIommu, { scalableMode: true })],
  ['sm_off', ({ intelIommu }) => Object.assign(intelIommu, { scalableMode: false })],
  ['tboot_noforce', ({ intelIommu }) => Object.assign(intelIommu, { tbootNoForce: true })],
  ...other('forcedac'),
];

export const AMD_IOMMU_WORDS: readonly OptionWord[] = [
  ['off', ({ amdIommu }) => Object.assign(amdIommu, { off: true })],
  ['force_enable', ({ amdIommu }) => Object.assign(amdIommu, { forceEnable: true })],
  ['force_isolation', ({ amdIommu }) => Object.assign(amdIommu, { forceIsolation: true })],
  ['fullflush', ({ amdIommu }) => Object.assign(amdIommu, { fullFlush: true })],
  ...other('pgtbl_v1', 'pgtbl_v2', 'irtcachedis', 'nohugepages', 'v2_pgsizes_only'),
];

/** x86's `iommu=`. */
export const IOMMU_WORDS: readonly OptionWord[] = [
  ['off', ({ iommu }) => Object.assign(iommu, { off: true })],
  ['force', ({ iommu }) => Object.assign(iommu, { force: true })],
  ['noforce', ({ iommu }) => Object.assign(iommu, { force: false })],
  ['soft', ({ iommu }) => Object.assign(iommu, { soft: true })],
  ['pt', (draft) => Object.assign(draft, { iommuPassthrough: true })],
  ['nopt', (draft) => Object.assign(draft, { iommuPassthrough: false })],
  ...other('biomerge', 'merge', 'nomerge', 'panic', 'nopanic', 'allowdac', 'nodac', 'usedac', 'memaper', 'noagp'),
];

export const INTREMAP_WORDS: readonly OptionWord[] = [
  ['on', ({ intremap }) => Object.assign(intremap, { off: false })],
  ['off', ({ intremap }) => Object.assign(intremap, { off: true })],
  ['nosid', ({ intremap }) => Object.assign(intremap, { noSourceId: true })],
  ['no_x2apic_optout', ({ intremap }) => Object.assign(intremap, { noX2apicOptOut: true })],
  ...other('nopost', 'posted_msi'),
];

/** Applies the words of a value in order. Returns those that are none of them. */
export function applyWords(value: string, known: readonly OptionWord[], draft: OptionsDraft): readonly string[] {
  const strange: string[] = [];
  for (const text of value.split(',')) {
    const match = known.find(([word]) => text.startsWith(word));
    if (match !== undefined) match[1](draft);
    else if (text !== '') strange.push(text);
  }
  return strange;
}
