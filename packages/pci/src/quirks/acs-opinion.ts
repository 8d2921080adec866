/**
 * @module The question to the ACS quirk table: does it know of a function whether it is isolated?
 */
import { type Fact, isUnknown, type Unknown, unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { KernelRules } from '../kernel/series.ts';
import { ACS_HANDLERS, type AcsHandler, type AcsMachineFacts, type AcsQuirkSubject } from './acs-handlers.ts';
import { ACS_OVERRIDE_ROW, ACS_QUIRKS, type AcsQuirkRow, isPresent } from './acs-quirks.ts';
import { PCH_ROOT_PORTS, SUNRISE_POINT_ROOT_PORTS } from './intel-root-ports.ts';

export type { AcsQuirkSubject } from './acs-handlers.ts';

export interface AcsQuirkContext extends AcsMachineFacts {
  readonly rules: KernelRules;
  /** Whether an IOMMU driver had asked for ACS by the time it was set up; decides the outcome of the chipset rows. */
  readonly acsRequested: Fact<boolean>;
}

export interface AcsOpinion {
  readonly isolated: Fact<boolean>;
  /** The row that decides; where `isolated` is unknown, the first that may apply. */
  readonly row: AcsQuirkRow;
  /**
   * Where `isolated` is unknown only because the ids are, and no row in question disagrees with another: what they say.
   * If the general rule says the same, the function is decided after all.
   */
  readonly agreed?: boolean;
}

interface Entry {
  readonly row: AcsQuirkRow;
  readonly handler: AcsHandler;
}

/** The rows of one vendor that can match a device, its own and those for any device, in table order. */
interface VendorRows {
  readonly byDevice: ReadonlyMap<number, readonly Entry[]>;
  readonly any: readonly Entry[];
}

/** Most functions are of vendors without a row: one map look-up says so. */
const byVendor: ReadonlyMap<number, VendorRows> = indexRows();

/** Whether any row can be about the function: for nearly all, a look-up or two say no. */
export function mayHaveAcsOpinion({ vendor, device }: PciFunction, { override }: AcsQuirkContext): boolean {
  if (typeof vendor !== 'number' || override !== undefined) return true;
  const rows = byVendor.get(vendor);
  return rows !== undefined && (typeof device !== 'number' || rows.any.length > 0 || rows.byDevice.has(device));
}

/**
 * The first row's opinion, or `undefined` where no row has one and the general rule applies.
 *
 * @param want ACS bits that must hold; the group code asks for SV, RR, CR and UF.
 */
export function acsQuirkOpinion(
  subject: AcsQuirkSubject,
  want: number,
  context: AcsQuirkContext,
): AcsOpinion | undefined {
  const { vendor, device } = subject.function;
  if (typeof vendor === 'number' && typeof device === 'number') {
    return opinionOn(vendor, device, subject, want, context);
  }
  return opinionOnCandidates(subject, want, context);
}

function opinionOn(
  vendor: number,
  device: number,
  subject: AcsQuirkSubject,
  want: number,
  context: AcsQuirkContext,
): AcsOpinion | undefined {
  const rows = byVendor.get(vendor);
  if (rows !== undefined) {
    for (const { row, handler } of rows.byDevice.get(device) ?? rows.any) {
      if (!isPresent(row, context.rules)) continue;
      const isolated = handler(subject, want, context, device, vendor);
      if (isolated !== undefined) return { isolated, row };
    }
  }
  if (context.override === undefined) return undefined;
  const isolated = ACS_HANDLERS['pcie-acs-override'](subject, want, context, device, vendor);
  return isolated === undefined ? undefined : { isolated, row: ACS_OVERRIDE_ROW };
}

/** With ids that are not known for certain: decided only if every id that is possible leads to the same answer. */
function opinionOnCandidates(subject: AcsQuirkSubject, want: number, context: AcsQuirkContext): AcsOpinion | undefined {
  const f = subject.function;
  const why = unsureIds(f);
  const vendors = typeof f.vendor === 'number' ? [f.vendor] : f.vendor.candidates;
  if (vendors === undefined) return { isolated: why, row: ACS_QUIRKS[0] as AcsQuirkRow };

  let first: AcsOpinion | undefined;
  let silent = false;
  let disagree = false;
  for (const vendor of vendors) {
    for (const device of devicesToTry(f, vendor, context)) {
      const opinion = opinionOn(vendor, device, subject, want, context);
      if (opinion === undefined) silent = true;
      else if (isUnknown(opinion.isolated)) return opinion;
      else if (first === undefined) first = opinion;
      else if (first.isolated !== opinion.isolated) disagree = true;
    }
  }
  if (first === undefined) return undefined;
  if (disagree) return { isolated: why, row: first.row };
  return silent ? { isolated: why, row: first.row, agreed: first.isolated as boolean } : first;
}

/** The device ids to try for a vendor; without candidates one of each kind that the vendor's rows tell apart. */
function devicesToTry(f: PciFunction, vendor: number, context: AcsQuirkContext): readonly number[] {
  if (typeof f.device === 'number') return [f.device];
  const devices = f.device.candidates ?? oneOfEachKind(vendor, context);
  return isIntelButNoNetworkCard(f, vendor) ? devices.filter((id) => !INTEL_NETWORK_ROWS.has(id)) : devices;
}

const INTEL = 0x8086;
const NETWORK = 0x02;
/** Intel's rows for multifunction endpoints are all network controllers, so the class rules them out for others. */
const INTEL_NETWORK_ROWS: ReadonlySet<number | 'any'> = new Set(
  ACS_QUIRKS.filter((row) => row.vendor === INTEL && row.handler === 'multifunction-endpoint').map((row) => row.device),
);

function isIntelButNoNetworkCard(f: PciFunction, vendor: number): boolean {
  return vendor === INTEL && !isUnknown(f.classCode) && f.classCode >> 16 !== NETWORK;
}

/** An id that no vendor gives to a device. */
const NO_DEVICE = 0xffff;
/** Ids within and outside the ranges that handlers know. */
const IN_RANGES: readonly number[] = [
  ...PCH_ROOT_PORTS.map((family) => family.devices[0] as number),
  ...SUNRISE_POINT_ROOT_PORTS.map(([id]) => id),
  0x0100,
  0x0710,
  0xa000,
  NO_DEVICE,
];

function oneOfEachKind(vendor: number, context: AcsQuirkContext): readonly number[] {
  const rows = byVendor.get(vendor);
  const overridden = context.override?.ids.filter((id) => id.vendor === vendor).map((id) => id.device) ?? [];
  return rows === undefined ? [NO_DEVICE, ...overridden] : [...rows.byDevice.keys(), ...IN_RANGES, ...overridden];
}

function unsureIds(f: PciFunction): Unknown {
  const unsure = (typeof f.vendor === 'number' ? f.device : f.vendor) as Unknown;
  return unknown(`whether an ACS quirk applies depends on its ids: ${unsure.why}`, unsure.decidedBy);
}

function indexRows(): ReadonlyMap<number, VendorRows> {
  const index = new Map<number, { byDevice: Map<number, Entry[]>; any: Entry[] }>();
  for (const row of ACS_QUIRKS) {
    const vendor = row.vendor as number;
    const entry = { row, handler: ACS_HANDLERS[row.handler] };
    const { byDevice, any } = index.get(vendor) ?? { byDevice: new Map<number, Entry[]>(), any: [] };
    index.set(vendor, { byDevice, any });
    if (row.device === 'any') {
      any.push(entry);
      for (const entries of byDevice.values()) entries.push(entry);
    } else {
      const entries = byDevice.get(row.device);
      if (entries === undefined) byDevice.set(row.device, [...any, entry]);
      else entries.push(entry);
    }
  }
  return index;
}
