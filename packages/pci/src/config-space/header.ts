/**
 * @module The first 64 bytes: who the function is, and the bus numbers of a bridge (PCI 3.0, 6.1; bridges 1.2, 3.2).
 */
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import { type Fact, isUnknown, unknown } from '../facts/fact.ts';
import type { BridgeNumbers } from '../facts/pci-function.ts';
import { type CapabilityKind, type CapabilityList, findCapability } from './capability-list.ts';
import type { ConfigFacts } from './config-facts.ts';
import { bitOf, type ConfigReader } from './config-reader.ts';

/** Subsystem ids of a bridge, whose header has no place for them (bridges 1.2, 3.2.8). */
const SUBSYSTEM: CapabilityKind = { id: 0x0d, name: 'Subsystem ID', size: 8 };

type HeaderFacts = Pick<
  ConfigFacts,
  | 'vendor'
  | 'device'
  | 'subsystemVendor'
  | 'subsystemDevice'
  | 'revision'
  | 'classCode'
  | 'headerType'
  | 'multifunctionBit'
  | 'bridge'
>;

export function decodeHeader(config: ConfigReader, capabilities: CapabilityList, log: DiagnosticLog): HeaderFacts {
  const vendor = config.u16(0x00);
  const isVirtual = vendor === 0xffff;
  const revisionAndClass = config.u32(0x08);
  const type = config.u8(0x0e);
  const headerType = isUnknown(type) ? type : type & 0x7f;
  const subsystemAt = subsystemOffset(headerType, capabilities, log);
  const subsystem = (word: number): Fact<number> =>
    isUnknown(subsystemAt) ? subsystemAt : subsystemAt === null ? 0 : config.u16(subsystemAt + word);
  return {
    // A virtual function has all ones in both registers (PCIe 6.0, 9.3.4.1); the kernel fills them in.
    vendor: isVirtual ? OF_PHYSICAL_FUNCTION : vendor,
    device: isVirtual ? OF_PHYSICAL_FUNCTION : config.u16(0x02),
    subsystemVendor: subsystem(0),
    subsystemDevice: subsystem(2),
    revision: config.u8(0x08),
    classCode: isUnknown(revisionAndClass) ? revisionAndClass : revisionAndClass >>> 8,
    headerType,
    multifunctionBit: bitOf(type, 0x80),
    bridge: isUnknown(headerType) ? headerType : headerType === 1 || headerType === 2 ? bridgeNumbers(config) : null,
  };
}

const OF_PHYSICAL_FUNCTION = unknown(
  'the ids of a virtual function are not in its own registers',
  "read the physical function's SR-IOV capability, or the vendor and device files in sysfs",
);

/** Where the two subsystem words are; null where there are none, which Linux shows as 0. */
function subsystemOffset(
  headerType: Fact<number>,
  capabilities: CapabilityList,
  log: DiagnosticLog,
): Fact<number | null> {
  if (isUnknown(headerType)) return headerType;
  if (headerType === 0) return 0x2c;
  if (headerType === 2) return 0x40;
  if (headerType !== 1) return null;
  const at = findCapability(capabilities, SUBSYSTEM, log);
  return at === null || isUnknown(at) ? at : at + 4;
}

function bridgeNumbers(config: ConfigReader): Fact<BridgeNumbers> {
  const primary = config.u8(0x18);
  const secondary = config.u8(0x19);
  const subordinate = config.u8(0x1a);
  if (isUnknown(primary)) return primary;
  if (isUnknown(secondary)) return secondary;
  if (isUnknown(subordinate)) return subordinate;
  return Object.freeze({ primary, secondary, subordinate });
}
