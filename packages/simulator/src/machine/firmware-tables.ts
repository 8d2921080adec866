/**
 * @module The ACPI tables of a described machine: which IOMMU unit serves which functions, memory that firmware shares with
 * devices, and where configuration space is.
 */
import { requesterId } from '@isogroups/pci';
import {
  buildDmar,
  buildIvrs,
  buildMcfg,
  deviceScope,
  drhd,
  ivhd,
  ivhdAll,
  ivhdRangeEnd,
  ivhdRangeStart,
  ivhdSelect,
  ivmd,
  mcfgWindow,
  rmrrIn,
} from '@isogroups/pci/encode';
import type { IommuDescription } from '../language/description.ts';
import { DescriptionError } from '../language/description-error.ts';
import {
  AMD_REGISTERS,
  AMD_REGISTERS_SIZE,
  ecamBase,
  SHARED_END,
  SHARED_SIZE,
  VTD_REGISTERS,
  VTD_REGISTERS_SIZE,
} from './address-map.ts';
import type { PlacedFunction } from './place-functions.ts';

export interface PlacedRoot {
  readonly segment: number;
  readonly bus: number;
  readonly functions: readonly PlacedFunction[];
}

/** Tables by signature, as in /sys/firmware/acpi/tables. */
export type FirmwareTables = ReadonlyMap<string, Uint8Array>;

export function buildFirmwareTables(
  iommu: IommuDescription,
  express: boolean,
  roots: readonly PlacedRoot[],
): FirmwareTables {
  const tables = new Map<string, Uint8Array>();
  const segments = [...new Set(roots.map((r) => r.segment))];
  if (express) {
    tables.set('MCFG', buildMcfg(...segments.map((s, i) => mcfgWindow(BigInt(ecamBase(i)), s, 0, 0xff))));
  }
  if (iommu.kind === 'vtd') tables.set('DMAR', dmar(iommu, roots));
  if (iommu.kind === 'amdvi') tables.set('IVRS', ivrs(roots));
  return tables;
}

/** What one unit serves: on each root bus, some functions and all below them. */
interface Unit {
  readonly segment: number;
  /** Functions that it names; undefined: all of the segment that nobody else names. */
  readonly named: readonly PlacedFunction[] | undefined;
  readonly roots: readonly PlacedRoot[];
}

/**
 * Units that the description numbers, and one for the rest of each segment: it takes everything, or where some functions
 * are to have no unit, names all others.
 */
function unitsOf(roots: readonly PlacedRoot[]): readonly Unit[] {
  const units: Unit[] = [];
  for (const segment of new Set(roots.map((r) => r.segment))) {
    const own = roots.filter((r) => r.segment === segment);
    const functions = own.flatMap((r) => r.functions);
    const numbers = [...new Set(functions.map((f) => f.description.options.unit))].filter((n) => typeof n === 'number');
    for (const number of numbers.sort((a, b) => a - b)) {
      units.push({ segment, named: functions.filter((f) => f.description.options.unit === number), roots: own });
    }
    const isWhole = functions.every((f) => f.description.options.unit !== null);
    const rest = functions.filter((f) => f.description.options.unit === undefined);
    if (isWhole) units.push({ segment, named: undefined, roots: own });
    else if (rest.length > 0) units.push({ segment, named: rest, roots: own });
  }
  return units;
}

const SCOPE_ENDPOINT = 1;
const SCOPE_BRIDGE = 2;

function dmar(iommu: IommuDescription, roots: readonly PlacedRoot[]): Uint8Array {
  const units = unitsOf(roots).map(({ segment, named }, n) =>
    drhd(VTD_REGISTERS + n * VTD_REGISTERS_SIZE, {
      segment,
      includeAll: named === undefined,
      scopes: (named ?? []).map((f) => scopeOf([f])),
    }),
  );
  const shared = sharedMemory(roots).map(({ path, base, segment }) =>
    rmrrIn(segment, BigInt(base), BigInt(base + SHARED_SIZE - 1), scopeOf(path)),
  );
  return buildDmar({ width: 45, flags: iommu.interruptRemapping ? 1 : 0, structures: [...units, ...shared] });
}

function scopeOf(path: readonly PlacedFunction[]): Uint8Array {
  const [root] = path;
  const last = path.at(-1) as PlacedFunction;
  return deviceScope(
    last.busses === undefined ? SCOPE_ENDPOINT : SCOPE_BRIDGE,
    (root as PlacedFunction).address.bus,
    path.map(({ address }) => [address.devfn >> 3, address.devfn & 7]),
  );
}

interface SharedMemory {
  /** From the root bus to the function. */
  readonly path: readonly PlacedFunction[];
  readonly segment: number;
  readonly base: number;
}

function sharedMemory(roots: readonly PlacedRoot[]): readonly SharedMemory[] {
  const found: SharedMemory[] = [];
  const visit = (functions: readonly PlacedFunction[], above: readonly PlacedFunction[]): void => {
    for (const f of functions) {
      const path = [...above, f];
      const base = SHARED_END - (found.length + 1) * SHARED_SIZE;
      if (f.description.options.rmrr === true) found.push({ path, segment: f.address.segment, base });
      // The tables cannot name what is in the domain of a VMD.
      if (f.kind.role !== 'vmd') visit(f.below, path);
    }
  };
  for (const root of roots) visit(root.functions, []);
  return found;
}

/** Where the IOMMUs' own functions may be on a root bus; they are not simulated, their ids are only named. */
const IOMMU_PLACES: readonly number[] = [2, 3, 4, 5, 6, 7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

function ivrs(roots: readonly PlacedRoot[]): Uint8Array {
  const taken = new Set(roots.flatMap((r) => r.functions.map((f) => `${r.segment}:${requesterId(f.address)}`)));
  const blocks = unitsOf(roots).map(({ segment, named, roots: own }, n) => {
    const bus = own[0]?.bus ?? 0;
    const devfn = IOMMU_PLACES.find((place) => !taken.has(`${segment}:${requesterId({ bus, devfn: place })}`));
    if (devfn === undefined) throw new DescriptionError('there is no room for so many AMD IOMMUs on one root bus');
    const deviceId = requesterId({ bus, devfn });
    taken.add(`${segment}:${deviceId}`);
    const entries = named === undefined ? [ivhdAll()] : named.flatMap(entriesOf);
    return ivhd(
      { type: 0x11, deviceId, segment, mmioBase: BigInt(AMD_REGISTERS + n * AMD_REGISTERS_SIZE) },
      ...entries,
    );
  });
  const shared = sharedMemory(roots).map(({ path, segment, base }) => {
    const { address } = path.at(-1) as PlacedFunction;
    return ivmd(IVMD_ONE, IVMD_UNITY_MAP, requesterId(address), 0, BigInt(base), BigInt(SHARED_SIZE), segment);
  });
  return buildIvrs(...blocks, ...shared);
}

const IVMD_ONE = 0x21;
const IVMD_UNITY_MAP = 0x01;

/** The function, the virtual functions that it may have, and all that is or may be below it. */
function entriesOf({ address, busses, description }: PlacedFunction): Uint8Array[] {
  const own = requesterId(address);
  const { total = 0, offset = 0, stride = 0 } = description.options.vfs ?? {};
  const virtual = Array.from({ length: total }, (_, index) => own + offset + index * stride);
  const ids = [own, ...virtual].map((id) => ivhdSelect(id));
  if (busses === undefined) return ids;
  return [...ids, ivhdRangeStart(busses.secondary << 8), ivhdRangeEnd((busses.subordinate << 8) | 0xff)];
}
