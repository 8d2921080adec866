/**
 * @module Coverage by Intel VT-d units (device_lookup_iommu): device scopes of the DMAR table against real functions.
 */
import type { DeviceScope, DmarTable, Drhd } from '../../acpi/dmar.ts';
import { formatAddress } from '../../facts/address.ts';
import { isUnknown, known } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { isSandyBridgeIoatOutside } from '../../quirks/intel-iommu-quirks.ts';
import type { Topology } from '../../topology/topology.ts';
import { type Coverage, type IommuUnit, noCoverage } from './coverage.ts';
import { createFunctionIndex, type FunctionIndex } from './function-index.ts';
import { vtdUnits } from './vtd-units.ts';

export interface VtdOptions {
  /** `intel_iommu=igfx_off`, or a chipset that needs it: units with nothing but graphics are left alone. */
  readonly ignoreGraphics: boolean;
}

const SCOPE_ENDPOINT = 1;
const SCOPE_BRIDGE = 2;
const DISPLAY = 0x03;
const BRIDGE_CLASS = 0x06;
const NO_UNIT = -1;
const IGNORED = -2;

export function vtdCoverage(topology: Topology, dmar: DmarTable, options: VtdOptions): Coverage {
  if (!dmar.usable) return noCoverage({ kind: 'unusable-table', says: 'the kernel refuses the DMAR table' });
  const find = createFunctionIndex(topology);
  const { drhds, units, scoped, catchAll } = vtdUnits(dmar);

  const unitOf = new Int32Array(topology.count).fill(NO_UNIT);
  const scopeOf = new Map<number, DeviceScope>();
  for (const unit of scoped) {
    const drhd = drhds[unit] as Drhd;
    const matched: number[] = [];
    for (const scope of drhd.scopes) {
      const i = matchScope(topology, find, drhd.segment, scope);
      if (i === undefined) continue;
      const mismatch = typeMismatch(topology.machine.functions[i] as PciFunction, scope);
      if (mismatch !== undefined) return noCoverage({ kind: 'unusable-table', says: mismatch });
      matched.push(i);
      const claim = (j: number): void => {
        if (unitOf[j] !== NO_UNIT) return;
        unitOf[j] = unit;
        scopeOf.set(j, scope);
      };
      claim(i);
      for (let j = topology.belowFrom[i] as number; j < (topology.belowTo[i] as number); j++) claim(j);
    }
    if (options.ignoreGraphics && matched.length > 0 && matched.every((i) => isDisplay(topology, i))) {
      for (let i = 0; i < unitOf.length; i++) if (unitOf[i] === unit) unitOf[i] = IGNORED;
    }
  }
  takeTheRest(topology, unitOf, catchAll);
  inheritFromOwner(topology, unitOf);
  for (let i = 0; i < topology.count; i++) {
    const u = unitOf[i] as number;
    if (u >= 0 && isSandyBridgeIoatOutside(topology, i, (drhds[u] as Drhd).registerBase)) unitOf[i] = IGNORED;
  }

  return {
    units,
    none: units.length > 0 ? undefined : { kind: 'no-table', says: 'the DMAR table has no remapping unit' },
    undecided: undefined,
    unitOf: (i) => Math.max(unitOf[i] as number, NO_UNIT),
    because: (i) => {
      const u = unitOf[i] as number;
      if (u === IGNORED) return 'its unit serves graphics only and igfx_off is in force';
      if (u < 0) return `no DRHD of segment ${segmentName(topology, i)} has it in its scope`;
      const unit = units[u] as IommuUnit;
      const scope = scopeOf.get(i);
      const at = (offset: number): string => `DMAR at 0x${offset.toString(16)}`;
      return scope === undefined
        ? `${unit.name} (${at(unit.offset)}) takes all that no other unit of the segment names`
        : `${unit.name} names it, or a bridge above it, in a device scope (${at(scope.offset)})`;
    },
    probes: 'pass',
    grows: false,
    probe: () => true,
  };
}

/** The function that a scope names: its path from the root bus, or by address where the path has a single hop. */
export function matchScope(
  topology: Topology,
  find: FunctionIndex,
  segment: number,
  scope: DeviceScope,
): number | undefined {
  if (scope.type !== SCOPE_ENDPOINT && scope.type !== SCOPE_BRIDGE) return undefined;
  const [first] = scope.path;
  if (first === undefined) return undefined;
  let at = find.at(segment, scope.startBus, (first.device << 3) | first.function);
  if (at === undefined) return undefined;
  // Firmware that gives the bus of a device behind a bridge: taken where the path has one hop.
  if (topology.onRootBus[at] !== 1) return scope.path.length === 1 ? at : undefined;
  for (const hop of scope.path.slice(1)) {
    at = find.childOf(at, (hop.device << 3) | hop.function);
    if (at === undefined) return undefined;
  }
  return (topology.machine.functions[at] as PciFunction).physicalFunction >= 0 ? undefined : at;
}

/** A scope of the wrong sort makes the kernel give up VT-d altogether. */
function typeMismatch(f: PciFunction, scope: DeviceScope): string | undefined {
  const header = known(f.headerType);
  const baseClass = isUnknown(f.classCode) ? undefined : f.classCode >> 16;
  if (header === undefined) return undefined;
  const wrong =
    scope.type === SCOPE_ENDPOINT
      ? header === 1
      : header === 0 && baseClass !== undefined && baseClass !== BRIDGE_CLASS;
  if (!wrong) return undefined;
  const sort = scope.type === SCOPE_ENDPOINT ? 'an endpoint' : 'a bridge';
  return `the DMAR table (at 0x${scope.offset.toString(16)}) calls ${formatAddress(f)} ${sort}, which it is not; Linux then uses no VT-d`;
}

/** What no scope names goes to the unit that takes all of its segment. */
function takeTheRest(topology: Topology, unitOf: Int32Array, catchAll: ReadonlyMap<number, number>): void {
  for (let from = 0; from < topology.count; from = topology.busTo[from] as number) {
    const unit = catchAll.get((topology.machine.functions[from] as PciFunction).segment);
    if (unit === undefined) continue;
    for (let i = from; i < (topology.busTo[from] as number); i++) if (unitOf[i] === NO_UNIT) unitOf[i] = unit;
  }
}

/** Virtual functions are looked up as their physical function, children of VMD as the VMD endpoint. */
function inheritFromOwner(topology: Topology, unitOf: Int32Array): void {
  const { functions } = topology.machine;
  for (const i of topology.vmdChildren) unitOf[i] = unitOf[(functions[i] as PciFunction).dmaDevice] as number;
  for (let i = topology.isVirtual.indexOf(1); i >= 0; i = topology.isVirtual.indexOf(1, i + 1)) {
    const { physicalFunction, dmaDevice } = functions[i] as PciFunction;
    if (dmaDevice < 0) unitOf[i] = unitOf[physicalFunction] as number;
  }
}

function isDisplay(topology: Topology, i: number): boolean {
  const { classCode } = topology.machine.functions[i] as PciFunction;
  return !isUnknown(classCode) && classCode >> 16 === DISPLAY;
}

function segmentName(topology: Topology, i: number): string {
  return (topology.machine.functions[i] as PciFunction).segment.toString(16).padStart(4, '0');
}
