/**
 * @module Facts to bytes: configuration spaces and ACPI tables as hardware and firmware have them. What the decoders of
 * this package read back.
 */
export { ascii, concat, u8, u16, u32, u64, zeros } from './bytes.ts';
export {
  acsCapability,
  advancedFeaturesCapability,
  atsCapability,
  buildConfigSpace,
  type CapabilityRecipe,
  type ConfigSpaceRecipe,
  expressCapability,
  msiCapability,
  msixCapability,
  pasidCapability,
  powerManagementCapability,
  priCapability,
  serialNumberCapability,
  sriovCapability,
  subsystemCapability,
} from './config-space.ts';
export { buildDmar, deviceScope, drhd, rmrrIn } from './dmar.ts';
export { buildIvrs, ivhd, ivhdAll, ivhdRangeEnd, ivhdRangeStart, ivhdSelect, ivmd } from './ivrs.ts';
export { buildMcfg, mcfgWindow } from './mcfg.ts';
