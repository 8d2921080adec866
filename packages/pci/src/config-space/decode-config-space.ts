/**
 * @module Configuration space, of any length and content, to facts.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import type { Diagnostic } from '../facts/diagnostic.ts';
import { type Fact, unknown } from '../facts/fact.ts';
import type { ConfigSpace, SwitchableCapability } from '../facts/pci-function.ts';
import { ACS, decodeAcs } from './acs.ts';
import { ADVANCED_FEATURES, decodeAdvancedFeatures } from './advanced-features.ts';
import {
  type CapabilityKind,
  type CapabilityList,
  decodeAt,
  findCapability,
  readCapabilityList,
} from './capability-list.ts';
import { type ConfigFacts, unknownConfigFacts } from './config-facts.ts';
import { beyondEnd, CONVENTIONAL_SIZE, configReader, EXTENDED_SIZE, HEADER_SIZE } from './config-reader.ts';
import { decodeExpress, EXPRESS } from './express.ts';
import { readExtendedCapabilityList } from './extended-capability-list.ts';
import { decodeHeader } from './header.ts';
import { decodePowerManagement, POWER_MANAGEMENT } from './power-management.ts';
import { decodeSerialNumber, SERIAL_NUMBER } from './serial-number.ts';
import { decodeSriov, SRIOV } from './sriov.ts';
import { ATS, decodeSwitchable, MSI, MSI_X, PASID, PRI, type SwitchableKind } from './switchable.ts';

export interface DecodedConfigSpace {
  readonly facts: ConfigFacts;
  /** They name `config.file` and an offset in it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws. What lies beyond the end of the bytes is unknown; a capability that is known to be missing is null. */
export function decodeConfigSpace(config: ConfigSpace): DecodedConfigSpace {
  const log = diagnosticLog(config.file);
  return { facts: decode(config.bytes, log), diagnostics: log.list() };
}

function decode(bytes: Uint8Array, log: DiagnosticLog): ConfigFacts {
  if (bytes.length === 0) {
    log.warning('the configuration space is empty');
    return unknownConfigFacts(beyondEnd(0));
  }
  const gone = silence(bytes);
  if (gone !== undefined) {
    log.error(`${gone}: the function does not answer`, 0);
    return unknownConfigFacts(unknown(gone, 'wake or rescan the function and read it again'));
  }
  checkLength(bytes, log);

  const reader = configReader(bytes);
  const standard = readCapabilityList(reader, log);
  const extended = readExtendedCapabilityList(reader, standard, log);
  const find = (list: CapabilityList, kind: CapabilityKind): Fact<number | null> => findCapability(list, kind, log);
  const switchable = (list: CapabilityList, kind: SwitchableKind): Fact<SwitchableCapability | null> =>
    decodeAt(find(list, kind), (at) => decodeSwitchable(reader, kind, at));

  const header = decodeHeader(reader, standard, log);
  // One by one, not by spread: V8 makes a hash table of an object that starts with a spread, ten times slower to build.
  return Object.freeze({
    vendor: header.vendor,
    device: header.device,
    subsystemVendor: header.subsystemVendor,
    subsystemDevice: header.subsystemDevice,
    revision: header.revision,
    classCode: header.classCode,
    headerType: header.headerType,
    multifunctionBit: header.multifunctionBit,
    bridge: header.bridge,
    express: decodeAt(find(standard, EXPRESS), (at) => decodeExpress(reader, at)),
    acs: decodeAt(find(extended, ACS), (at) => decodeAcs(reader, at)),
    ats: switchable(extended, ATS),
    pasid: switchable(extended, PASID),
    pri: switchable(extended, PRI),
    sriov: decodeAt(find(extended, SRIOV), (at) => decodeSriov(reader, at)),
    msi: switchable(standard, MSI),
    msix: switchable(standard, MSI_X),
    advancedFeatures: decodeAt(find(standard, ADVANCED_FEATURES), (at) => decodeAdvancedFeatures(reader, at)),
    powerManagement: decodeAt(find(standard, POWER_MANAGEMENT), (at) => decodePowerManagement(reader, at)),
    serialNumber: decodeAt(find(extended, SERIAL_NUMBER), (at) => decodeSerialNumber(reader, at)),
  });
}

/** A function that is gone or asleep reads as all ones; an all-zero header is what a failed read leaves behind. */
function silence(bytes: Uint8Array): string | undefined {
  const header = bytes.subarray(0, HEADER_SIZE);
  if (header.every((b) => b === 0xff)) return 'configuration space reads all ones';
  if (header.every((b) => b === 0)) return 'configuration space reads all zeros';
  return undefined;
}

/** The lengths that Linux hands out: 64 (not root), 128 (CardBus, not root), 256, 4096. */
const LENGTHS: readonly number[] = [HEADER_SIZE, 128, CONVENTIONAL_SIZE, EXTENDED_SIZE];

function checkLength(bytes: Uint8Array, log: DiagnosticLog): void {
  if (LENGTHS.includes(bytes.length)) return;
  if (bytes.length > EXTENDED_SIZE) {
    log.warning(`${bytes.length} bytes; what follows byte ${EXTENDED_SIZE} is not used`, EXTENDED_SIZE);
  } else {
    log.warning(`ends at byte ${bytes.length}, not at 64, 256 or 4096; what is missing is unknown`, bytes.length);
  }
}
