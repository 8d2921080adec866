/**
 * @module What each kind of ACS quirk row tests and answers.
 */
import { ACS_CR, ACS_DT, ACS_EC, ACS_RR, ACS_SV, ACS_TB, ACS_UF } from '../config-space/acs.ts';
import { type Fact, isUnknown, type Unknown, unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { PcieAcsOverride } from '../kernel/command-line/pcie-acs-override.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../topology/port-type.ts';
import type { AcsQuirkHandler } from './acs-quirks.ts';
import { isPchRootPort, isSunrisePointRootPort } from './intel-root-ports.ts';

/** The function that is asked about. */
export interface AcsQuirkSubject {
  readonly function: PciFunction;
  /** Corrected port type (PORT), or NOT_EXPRESS, or UNKNOWN_TYPE. */
  readonly portType: number;
  readonly multifunction: Fact<boolean>;
  readonly onRootBus: boolean;
}

/** What of the machine the rows depend on. */
export interface AcsMachineFacts {
  readonly ivrsPresent: Fact<boolean>;
  /** Outcome of the chipset workaround, see pch-isolation.ts. */
  readonly pchIsolationEnabled: Fact<boolean>;
  /** `pcie_acs_override=` of kernels that have that patch. */
  readonly override: PcieAcsOverride | undefined;
}

/** `undefined`: no opinion, the next row is asked. */
type AcsVerdict = Fact<boolean> | undefined;

const PORT_BITS = ACS_SV | ACS_RR | ACS_CR | ACS_UF;

/**
 * The ACS bits that a row says the hardware behaves as if it had set, where the row applies and isolates.
 * 0 for rows that read a register instead.
 */
export const acsBitsProvided: Readonly<Record<AcsQuirkHandler, number>> = Object.freeze({
  'amd-southbridge': ACS_RR | ACS_CR,
  'multifunction-endpoint': ACS_SV | ACS_TB | ACS_RR | ACS_CR | ACS_UF | ACS_DT,
  'rc-integrated-endpoint': PORT_BITS,
  'qualcomm-root-port': PORT_BITS,
  'intel-pch-root-port': PORT_BITS,
  'intel-sunrise-point-root-port': 0,
  'cavium-root-port': PORT_BITS,
  'xgene-root-port': PORT_BITS,
  'broadcom-root-port': PORT_BITS,
  'loongson-root-port': PORT_BITS,
  'annapurna-root-port': PORT_BITS,
  'nxp-root-port': PORT_BITS,
  'zhaoxin-port': PORT_BITS,
  'wangxun-nic': PORT_BITS,
  // The patch claims isolation without regard to what was asked; nothing in the hardware stands behind it.
  'pcie-acs-override': 0,
});

/**
 * A row's answer. Rows that test the port type have no opinion where it is unknown: the general rule, which is asked
 * next, says "unknown" then, which is what both together amount to.
 *
 * @param device,vendor The ids to go by: the subject's own may be several candidates.
 * @param want ACS bits that must hold.
 */
export type AcsHandler = (
  subject: AcsQuirkSubject,
  want: number,
  machine: AcsMachineFacts,
  device: number,
  vendor: number,
) => AcsVerdict;

const provides = (handler: AcsQuirkHandler, want: number): boolean => (want & ~acsBitsProvided[handler]) === 0;

/** Goes by the ids alone: neither port type nor multifunction bit is looked at. */
const always =
  (handler: AcsQuirkHandler): AcsHandler =>
  (_subject, want) =>
    provides(handler, want);

export const ACS_HANDLERS: Readonly<Record<AcsQuirkHandler, AcsHandler>> = Object.freeze({
  'multifunction-endpoint': always('multifunction-endpoint'),
  'qualcomm-root-port': always('qualcomm-root-port'),
  'xgene-root-port': always('xgene-root-port'),
  'broadcom-root-port': always('broadcom-root-port'),
  'loongson-root-port': always('loongson-root-port'),
  'nxp-root-port': always('nxp-root-port'),

  'rc-integrated-endpoint': ({ portType }, want) =>
    portType === PORT.rcIntegratedEndpoint ? provides('rc-integrated-endpoint', want) : undefined,

  'annapurna-root-port': ({ portType }, want) =>
    portType === PORT.root ? provides('annapurna-root-port', want) : undefined,

  'cavium-root-port': ({ portType }, want, _machine, device) =>
    portType === PORT.root && isThunderX(device) ? provides('cavium-root-port', want) : undefined,

  // Outside the ranges the answer of these two is a firm no: a real ACS capability is never looked at.
  'zhaoxin-port': ({ portType }, want, _machine, device) =>
    portType === PORT.root || portType === PORT.downstream
      ? isZhaoxinPort(device) && provides('zhaoxin-port', want)
      : undefined,
  'wangxun-nic': (_subject, want, _machine, device) => isWangxunNic(device) && provides('wangxun-nic', want),

  'intel-pch-root-port': ({ portType }, want, { pchIsolationEnabled }, device) => {
    if (portType !== PORT.root || !isPchRootPort(device)) return undefined;
    if (isUnknown(pchIsolationEnabled)) return pchIsolationEnabled;
    return pchIsolationEnabled ? provides('intel-pch-root-port', want) : want === 0;
  },

  'intel-sunrise-point-root-port': (subject, want, _machine, device) =>
    subject.portType === PORT.root && isSunrisePointRootPort(device) ? sunrisePoint(subject.function, want) : undefined,

  'amd-southbridge': (subject, want, { ivrsPresent }) => amdSouthbridge(subject, want, ivrsPresent),

  'pcie-acs-override': (subject, _want, { override }, device, vendor) =>
    override === undefined ? undefined : overrideVerdict(override, subject, vendor, device),
});

/** ThunderX (88xx and kin), ThunderX2, ThunderX3. */
const isThunderX = (device: number): boolean => (device & 0xf800) === 0xa000 || device === 0xaf84 || device === 0xb884;

const isZhaoxinPort = (device: number): boolean =>
  (device >= 0x0710 && device <= 0x071e) || device === 0x0721 || (device >= 0x0723 && device <= 0x0752);

const WANGXUN_NICS: ReadonlySet<number> = new Set([0x1001, 0x2001, 0x5010, 0x5025, 0x5040, 0x5110, 0x5125, 0x5140]);
const isWangxunNic = (device: number): boolean => (device & 0xfff0) === 0x0100 || WANGXUN_NICS.has(device);

/** The registers are dwords: control stands at +8 where the specification has it at +6. */
function sunrisePoint(f: PciFunction, want: number): AcsVerdict {
  const { acs } = f;
  if (acs === null) return undefined;
  if (isUnknown(acs)) return acs;
  if (isUnknown(acs.capabilityDword)) return acs.capabilityDword;
  if (isUnknown(acs.controlDword)) return acs.controlDword;
  const asked = want & (acs.capabilityDword | ACS_EC);
  return (acs.controlDword & asked) === asked;
}

/** Southbridge functions cannot reach each other; that is vouched for only together with an AMD IOMMU. */
function amdSouthbridge(subject: AcsQuirkSubject, want: number, ivrsPresent: Fact<boolean>): AcsVerdict {
  if (!subject.onRootBus || subject.multifunction === false || ivrsPresent === false) return undefined;
  if (isUnknown(subject.multifunction)) return subject.multifunction;
  if (isUnknown(ivrsPresent)) return ivrsPresent;
  const asked = want & (ACS_RR | ACS_CR | ACS_EC | ACS_DT);
  return provides('amd-southbridge', asked);
}

/** Only for PCI Express functions without an ACS capability, be it as useless as it may. */
function overrideVerdict(
  override: PcieAcsOverride,
  subject: AcsQuirkSubject,
  vendor: number,
  device: number,
): AcsVerdict {
  const { portType } = subject;
  if (portType === NOT_EXPRESS || portType === UNKNOWN_TYPE) return undefined;
  const claimed = overrideClaims(override, subject, vendor, device);
  if (claimed === undefined) return undefined;
  const { acs } = subject.function;
  if (isUnknown(acs)) return unknown(`pcie_acs_override= looks at the ACS capability: ${acs.why}`, acs.decidedBy);
  return acs === null ? claimed : undefined;
}

function overrideClaims(
  override: PcieAcsOverride,
  subject: AcsQuirkSubject,
  vendor: number,
  device: number,
): true | Unknown | undefined {
  if (override.ids.some((id) => id.vendor === vendor && id.device === device)) return true;
  switch (subject.portType) {
    case PORT.root:
    case PORT.downstream:
      return override.downstream ? true : undefined;
    case PORT.endpoint:
    case PORT.legacyEndpoint:
    case PORT.upstream:
    case PORT.rcIntegratedEndpoint:
      if (!override.multifunction || subject.multifunction === false) return undefined;
      return isUnknown(subject.multifunction) ? subject.multifunction : true;
    default:
      return undefined;
  }
}
