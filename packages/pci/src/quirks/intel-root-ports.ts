/**
 * @module Intel chipset root ports that isolate without a usable standard ACS capability.
 */

/** Root ports whose peer decoding is switched off in chipset registers (pci_quirk_intel_pch_acs_ids[]), by chipset. */
export const PCH_ROOT_PORTS: readonly { readonly chipset: string; readonly devices: readonly number[] }[] =
  Object.freeze([
    { chipset: 'Ibex Peak (5 series)', devices: span(0x3b42, 0x3b51) },
    { chipset: 'Cougar Point (6 series)', devices: span(0x1c10, 0x1c1f) },
    { chipset: 'Panther Point (7 series)', devices: span(0x1e10, 0x1e1f) },
    { chipset: 'Lynx Point (8 series)', devices: span(0x8c10, 0x8c1f) },
    { chipset: 'Lynx Point-LP (8 series)', devices: span(0x9c10, 0x9c1b) },
    { chipset: 'Wildcat Point (9 series)', devices: span(0x9c90, 0x9c9b) },
    { chipset: 'Patsburg (X79)', devices: span(0x1d10, 0x1d1e, 2) },
    { chipset: 'Wellsburg (X99)', devices: span(0x8d10, 0x8d1e) },
    { chipset: 'Lynx Point Refresh (9 series)', devices: span(0x8c90, 0x8c9e, 2) },
  ]);

/** Root ports whose ACS registers are dwords (pci_quirk_intel_spt_pch_acs_match): `[first, last, chipset]`. */
export const SUNRISE_POINT_ROOT_PORTS: readonly (readonly [first: number, last: number, chipset: string])[] =
  Object.freeze([
    [0xa110, 0xa11f, 'Sunrise Point-H (100 series)'],
    [0xa167, 0xa16a, 'Sunrise Point-H (100 series)'],
    [0xa290, 0xa29f, 'Union Point (200 series)'],
    [0xa2e7, 0xa2ee, 'Union Point (200 series)'],
    [0x9d10, 0x9d1b, 'Sunrise Point-LP (mobile 100 series)'],
  ]);

const pch: ReadonlySet<number> = new Set(PCH_ROOT_PORTS.flatMap((family) => family.devices));
const sunrisePoint: ReadonlySet<number> = new Set(
  SUNRISE_POINT_ROOT_PORTS.flatMap(([first, last]) => span(first, last)),
);

/** By device id alone: vendor and port type are the caller's to check. */
export function isPchRootPort(device: number): boolean {
  return pch.has(device);
}

/** By device id alone: vendor and port type are the caller's to check. */
export function isSunrisePointRootPort(device: number): boolean {
  return sunrisePoint.has(device);
}

function span(first: number, last: number, step = 1): readonly number[] {
  const ids: number[] = [];
  for (let id = first; id <= last; id += step) ids.push(id);
  return Object.freeze(ids);
}
