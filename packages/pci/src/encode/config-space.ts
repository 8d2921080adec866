/**
 * @module Builds configuration spaces.
 */
import type { BridgeNumbers } from '../facts/pci-function.ts';
import { patched, u8, u16, u32, zeros } from './bytes.ts';

export interface ConfigSpaceRecipe {
  readonly vendor?: number;
  readonly device?: number;
  readonly revision?: number;
  readonly classCode?: number;
  /** Layout and multifunction bit, as in the register. */
  readonly headerType?: number;
  readonly subsystem?: readonly [vendor: number, device: number];
  readonly bridge?: BridgeNumbers;
  /** Laid out one after the other from 0x40. */
  readonly capabilities?: readonly CapabilityRecipe[];
  /** Laid out one after the other from 0x100. */
  readonly extended?: readonly CapabilityRecipe[];
  /** Default: 4096 with a PCI Express capability or extended ones, else 256. */
  readonly length?: number;
}

/** A capability, its two or four header bytes included; they are filled in when it is placed. */
export interface CapabilityRecipe {
  readonly id: number;
  readonly bytes: Uint8Array;
  /** Where it is to stand; behind the one before it where nothing is said. */
  readonly at?: number;
}

const capability = (
  id: number,
  size: number,
  ...fields: readonly (readonly [number, Uint8Array])[]
): CapabilityRecipe => ({
  id,
  bytes: fields.reduce((bytes, [offset, part]) => patched(bytes, offset, part), zeros(size)),
});

export function expressCapability(recipe: {
  readonly type: number;
  readonly version?: number;
  readonly flr?: boolean;
  readonly ariForwarding?: boolean;
}): CapabilityRecipe {
  return capability(
    0x10,
    0x3c,
    [2, u16((recipe.version ?? 2) | (recipe.type << 4))],
    [4, u32(recipe.flr === true ? 1 << 28 : 0)],
    [0x28, u16(recipe.ariForwarding === true ? 0x20 : 0)],
  );
}

export const powerManagementCapability = (noSoftReset: boolean): CapabilityRecipe =>
  capability(0x01, 8, [4, u16(noSoftReset ? 8 : 0)]);
export const msiCapability = (enabled: boolean): CapabilityRecipe => capability(0x05, 16, [2, u16(enabled ? 1 : 0)]);
export const pciXCapability = (status: number): CapabilityRecipe => capability(0x07, 8, [4, u32(status)]);
export const subsystemCapability = (vendor: number, device: number): CapabilityRecipe =>
  capability(0x0d, 8, [4, u16(vendor)], [6, u16(device)]);
export const msixCapability = (enabled: boolean): CapabilityRecipe =>
  capability(0x11, 12, [2, u16(enabled ? 0x8000 : 0)]);
export const advancedFeaturesCapability = (offers: number): CapabilityRecipe => capability(0x13, 8, [3, u8(offers)]);

export const serialNumberCapability = (low: number, high: number): CapabilityRecipe =>
  capability(0x03, 12, [4, u32(low)], [8, u32(high)]);
/** Words at +4 and +6; `controlDword` is the register at +8 of Intel's Sunrise Point root ports. */
export const acsCapability = (supported: number, control: number, controlDword: number = 0): CapabilityRecipe =>
  capability(0x0d, 12, [4, u16(supported)], [6, u16(control)], [8, u32(controlDword)]);
export const atsCapability = (enabled: boolean): CapabilityRecipe =>
  capability(0x0f, 8, [6, u16(enabled ? 0x8000 : 0)]);
export const priCapability = (enabled: boolean): CapabilityRecipe => capability(0x13, 16, [4, u16(enabled ? 1 : 0)]);
export const pasidCapability = (enabled: boolean): CapabilityRecipe => capability(0x1b, 8, [6, u16(enabled ? 1 : 0)]);

export function sriovCapability(recipe: {
  readonly enabled: boolean;
  readonly totalVfs: number;
  readonly numVfs: number;
  readonly firstVfOffset: number;
  readonly vfStride: number;
  readonly vfDeviceId: number;
}): CapabilityRecipe {
  return capability(
    0x10,
    0x40,
    // VF Enable, and with it VF Memory Space Enable, as Linux sets them.
    [0x08, u16(recipe.enabled ? 0x09 : 0)],
    [0x0e, u16(recipe.totalVfs)],
    [0x10, u16(recipe.numVfs)],
    [0x14, u16(recipe.firstVfOffset)],
    [0x16, u16(recipe.vfStride)],
    [0x1a, u16(recipe.vfDeviceId)],
  );
}

export function buildConfigSpace(recipe: ConfigSpaceRecipe = {}): Uint8Array {
  const { capabilities = [], extended = [] } = recipe;
  const space = zeros(4096);
  const layout = (recipe.headerType ?? 0) & 0x7f;
  space.set(u16(recipe.vendor ?? 0x8086), 0x00);
  space.set(u16(recipe.device ?? 0x10d3), 0x02);
  space.set(u16(capabilities.length > 0 ? 0x10 : 0), 0x06);
  space.set(u32(((recipe.classCode ?? 0x020000) << 8) | (recipe.revision ?? 0)), 0x08);
  space.set(u8(recipe.headerType ?? 0), 0x0e);
  const [vendor, device] = recipe.subsystem ?? [0, 0];
  if (layout !== 1) {
    space.set(u16(vendor), layout === 2 ? 0x40 : 0x2c);
    space.set(u16(device), layout === 2 ? 0x42 : 0x2e);
  }
  const { bridge } = recipe;
  if (bridge !== undefined) space.set([bridge.primary, bridge.secondary, bridge.subordinate], 0x18);

  let pointerAt = layout === 2 ? 0x14 : 0x34;
  // A CardBus header is 72 bytes long.
  let at = layout === 2 ? 0x48 : 0x40;
  for (const { id, bytes, at: asked } of capabilities) {
    at = asked ?? at;
    space.set(bytes, at);
    space[at] = id;
    space[pointerAt] = at;
    pointerAt = at + 1;
    at += (bytes.length + 3) & ~3;
  }
  if (at > 0x100) throw new RangeError(`the standard capabilities end at ${at}, beyond 256`);

  at = 0x100;
  extended.forEach(({ id, bytes, at: asked }, i) => {
    const here = asked ?? at;
    at = here + ((bytes.length + 3) & ~3);
    const following = extended[i + 1];
    const next = following === undefined ? 0 : (following.at ?? at);
    space.set(bytes, here);
    space.set(u32(id | (1 << 16) | (next << 20)), here);
  });

  const wide = extended.length > 0 || capabilities.some((c) => c.id === 0x10);
  return space.slice(0, recipe.length ?? (wide ? 4096 : 256));
}
