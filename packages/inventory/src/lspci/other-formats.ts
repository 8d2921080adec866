/**
 * @module Texts that look like lspci and cannot be used: what they are, and what to run instead.
 */

const FORMATS: readonly (readonly [RegExp, string])[] = [
  [
    /^\s*-[+[](?:[0-9a-f]{4}:)?[0-9a-f]{2}|^[\s|]*[+\\]-[0-9a-f]{2}\.[0-7]/m,
    'the tree of lspci -t, which leaves the capabilities out',
  ],
  [
    /^Slot:\s+(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\s*$/m,
    'the listing of lspci -vmm, which leaves the capabilities out',
  ],
  [
    /^(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] "[^"]*" "/m,
    'the listing of lspci -m, which leaves the capabilities out',
  ],
  [/iommu_groups\/\d+\/devices\//, 'a list of links in /sys/kernel/iommu_groups, which tells nothing of the devices'],
];

const INSTEAD = 'run "lspci -vvnn" as root';

/** One sentence on a text without a device that can be used. */
export function noDeviceMessage(text: string): string {
  // The first lines tell; nobody prints a megabyte of prose before the listing.
  const start = text.slice(0, 100_000);
  const format = FORMATS.find(([pattern]) => pattern.test(start));
  if (format !== undefined) return `this is ${format[1]}: ${INSTEAD}`;
  return text.trim() === '' ? `the text is empty: ${INSTEAD}` : `no line begins like a device of lspci: ${INSTEAD}`;
}
