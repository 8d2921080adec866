/**
 * @module Configuration spaces that between them have all that is decoded, for tests and fuzzing.
 */
import {
  acsCapability,
  advancedFeaturesCapability,
  atsCapability,
  buildConfigSpace,
  expressCapability,
  msiCapability,
  msixCapability,
  pasidCapability,
  pciXCapability,
  powerManagementCapability,
  priCapability,
  serialNumberCapability,
  sriovCapability,
  subsystemCapability,
} from '../encode/config-space.ts';

export function sampleConfigSpaces(): readonly Uint8Array[] {
  const bridge = { primary: 0, secondary: 1, subordinate: 3 };
  return [
    buildConfigSpace(),
    buildConfigSpace({ length: 64, capabilities: [powerManagementCapability(true)] }),
    buildConfigSpace({ classCode: 0x060000, length: 4096 }),
    buildConfigSpace({
      classCode: 0x060400,
      headerType: 0x81,
      bridge,
      capabilities: [expressCapability({ type: 4, ariForwarding: true }), subsystemCapability(0x1028, 0x0001)],
      extended: [acsCapability(0x5f, 0x1d, 0x1d), serialNumberCapability(0xff334455, 0x001122ff)],
    }),
    buildConfigSpace({
      capabilities: [
        powerManagementCapability(false),
        msiCapability(true),
        expressCapability({ type: 0, flr: true }),
        msixCapability(true),
        advancedFeaturesCapability(3),
      ],
      extended: [
        sriovCapability({
          enabled: true,
          totalVfs: 8,
          numVfs: 2,
          firstVfOffset: 128,
          vfStride: 2,
          vfDeviceId: 0x10ed,
        }),
        atsCapability(true),
        priCapability(true),
        pasidCapability(true),
      ],
    }),
    buildConfigSpace({ capabilities: [pciXCapability(0x4000_0000)], extended: [acsCapability(0x1f, 0)] }),
    buildConfigSpace({ classCode: 0x060700, headerType: 2, bridge, capabilities: [powerManagementCapability(false)] }),
  ];
}
