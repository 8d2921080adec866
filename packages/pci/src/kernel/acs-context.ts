/**
 * @module What of the machine as a whole bears on the ACS test of a single function.
 */
import { type Fact, isUnknown, type Unknown, unknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { pchIsolation, RCBA_REGISTER } from '../quirks/pch-isolation.ts';
import type { Topology } from '../topology/topology.ts';
import type { AcsContext } from './acs-rule.ts';
import type { KernelOptions } from './command-line/kernel-options.ts';
import { honoursPcieAcsOverride } from './command-line/pcie-acs-override.ts';
import type { Coverage } from './coverage/coverage.ts';
import type { KernelRules } from './series.ts';

const VENDOR_AMD = 0x1022;
const CLASS_IOMMU = 0x0806;
/** The LPC bridge, whose RCBA says whether the root complex registers are enabled. */
const LPC_DEVFN = 31 << 3;

export function acsContextOf(
  topology: Topology,
  rules: KernelRules,
  options: KernelOptions,
  coverage: Coverage,
): AcsContext {
  const { machine } = topology;
  const iommuRuns = coverage.units.length > 0 && coverage.undecided === undefined;
  const acsRequested: Fact<boolean> =
    coverage.undecided ??
    ((iommuRuns && !requestComesLate(coverage, rules)) || requestedWithoutUnits(machine, options));
  return {
    rules,
    ivrsPresent: ivrsPresent(machine, iommuRuns),
    acsRequested,
    pchIsolationEnabled: pchIsolation(lpcRcba(machine), acsRequested),
    override: overrideOf(machine, options),
    iommuRuns,
    beforeEnabling: rules.acsEnabledAt === 'driver-bind',
  };
}

/** `pcie_acs_override=` is a patch of some distributions: a kernel without it says in its log that it does not know it. */
function overrideOf(machine: Machine, options: KernelOptions): AcsContext['override'] {
  return honoursPcieAcsOverride(machine.kernel.log) === false ? undefined : options.pcieAcsOverride;
}

/** With a device tree the request comes with the first device that is configured, after all functions were enumerated. */
function requestComesLate(coverage: Coverage, rules: KernelRules): boolean {
  return rules.acsEnabledAt === 'enumeration' && coverage.units.some((u) => u.table.startsWith('device tree'));
}

/**
 * AMD's detection asks for ACS as soon as it finds an IVRS table, `amd_iommu=off` or not. With `iommu=off` it still runs
 * for interrupt remapping (Linux 6.1.192 does).
 */
function requestedWithoutUnits(machine: Machine, options: KernelOptions): boolean {
  const detects = !options.iommu.off || !options.intremap.off;
  return !isUnknown(machine.firmware.ivrs) && machine.firmware.ivrs !== null && detects;
}

/** Where the tables cannot be read, an AMD IOMMU that runs has one. */
function ivrsPresent(machine: Machine, iommuRuns: boolean): Fact<boolean> {
  const { ivrs } = machine.firmware;
  if (!isUnknown(ivrs)) return ivrs !== null;
  const hasAmdIommu = machine.functions.some(
    (f) => f.vendor === VENDOR_AMD && !isUnknown(f.classCode) && f.classCode >> 8 === CLASS_IOMMU,
  );
  return hasAmdIommu && iommuRuns ? true : ivrs;
}

function lpcRcba(machine: Machine): Fact<number> {
  const lpc = machine.functions.find((f) => f.parent < 0 && f.bus === 0 && f.segment === 0 && f.devfn === LPC_DEVFN);
  const config = lpc?.config;
  if (config === undefined || config.bytes.length < RCBA_REGISTER + 4) return notRead(lpc);
  const { bytes } = config;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(RCBA_REGISTER, true);
}

function notRead(lpc: PciFunction | undefined): Unknown {
  return lpc === undefined
    ? unknown('there is no function 00:1f.0', 'a listing of the whole machine')
    : unknown('register 0xf0 of 00:1f.0 was not read', 'reading its configuration space as root');
}
