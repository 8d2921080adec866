/**
 * @module Which Linux it is, and in what its grouping rules differ from those of other releases.
 */

/** The series whose sources were read or whose groups were captured; others take the rules of the nearest older one. */
export const KERNEL_SERIES = ['6.1', '6.12', '6.18', '7.0', '7.1', '7.2', '7.3'] as const;
type KernelSeries = (typeof KERNEL_SERIES)[number];

/** `patch` is undefined where only a distribution's own numbering is known; then the last point release is assumed. */
interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number | undefined;
}

export interface KernelRelease {
  /** What was given: `6.1.0-56-amd64`, `6.12`. */
  readonly text: string;
  readonly series: KernelSeries;
  readonly exact: KernelVersion;
  /** What had to be assumed, as a sentence. */
  readonly note?: string;
}

/** Named behaviours. The algorithm itself is the same in all of them (6.1 to 7.3). */
export interface KernelRules {
  readonly release: KernelRelease;
  /** When ACS control registers are written: decides whether the group code sees them set. */
  readonly acsEnabledAt: 'enumeration' | 'driver-bind' | 'iommu-probe';
  /** The IOMMU core asks the bus for a device's DMA configuration before it probes the device. */
  readonly iommuCoreConfiguresDma: boolean;
  /** Formula behind `pci=disable_acs_redir=`. */
  readonly disableAcsRedir: 'plain' | 'broken-6.11' | 'firmware-only';
  /** Formula behind `pci=config_acs=`. */
  readonly configAcs: 'absent' | 'broken-6.11' | 'fixed';
  /** AST1150 bridges add no requester id of their own. */
  readonly astBridgeNoAlias: boolean;
  /** Source Validation of IDT 80b5 and 8090 switches is neither switched on nor asked for. */
  readonly idtSourceValidationRemoved: boolean;
  readonly loongsonAcsRows: boolean;
  readonly qualcommHamoaAcsRows: boolean;
  /** Microchip PCI100x switches are known to the Switchtec NTB alias quirk. */
  readonly switchtecPci100x: boolean;
  /** SMMUv3 refuses a device two of whose own StreamIDs are equal. */
  readonly smmuRejectsDuplicateIds: boolean;
  /** Drivers for IOMMUs of different kinds may be active at the same time. */
  readonly severalIommuDrivers: boolean;
  /** Isolation of message-signalled interrupts is asked of each device, not of the whole system. */
  readonly isolatedMsiPerDevice: boolean;
}

type StablePoint = readonly [major: number, minor: number, patch: number];

// Where a fix went into mainline, and from which point release each older stable branch has it. From the public
// changelogs of the stable branches; for those without an entry the mainline number decides.
const LOONGSON_ROWS: readonly StablePoint[] = [
  [5, 4, 295],
  [5, 10, 239],
  [5, 15, 186],
  [6, 1, 142],
  [6, 6, 95],
  [6, 12, 35],
  [6, 15, 4],
  [6, 16, 0],
];
const HAMOA_ROWS: readonly StablePoint[] = [
  [5, 10, 252],
  [5, 15, 203],
  [6, 1, 165],
  [6, 6, 128],
  [6, 12, 75],
  [6, 18, 16],
  [6, 19, 6],
  [7, 0, 0],
];
const CONFIG_ACS_FIX: readonly StablePoint[] = [
  [6, 12, 23],
  [6, 13, 11],
  [6, 14, 2],
  [6, 15, 0],
];
const SWITCHTEC_PCI100X: readonly StablePoint[] = [
  [6, 1, 129],
  [6, 6, 79],
  [6, 12, 16],
  [6, 13, 4],
  [6, 14, 0],
];
const SMMU_DUPLICATES_FIX: readonly StablePoint[] = [
  [5, 15, 182],
  [6, 1, 138],
  [6, 6, 90],
  [6, 12, 28],
  [6, 14, 6],
  [6, 15, 0],
];

/** The move of ACS enabling to DMA configuration (upstream c41e2fb67e26), backported to where it came too late, and reverted. */
const LATE_ACS: readonly { readonly first: StablePoint; readonly last: number }[] = [
  { first: [5, 10, 252], last: 252 },
  { first: [6, 1, 165], last: 168 },
  { first: [6, 6, 128], last: 134 },
  { first: [6, 12, 75], last: 82 },
];

/** Whether the release is the given one or a later one. An unknown patch level counts as the last of its series. */
export function atLeast(release: KernelRelease, major: number, minor: number, patch = 0): boolean {
  const { exact } = release;
  if (exact.major !== major) return exact.major > major;
  if (exact.minor !== minor) return exact.minor > minor;
  return (exact.patch ?? Number.POSITIVE_INFINITY) >= patch;
}

/** Whether a fix is in: by the entry of the release's own branch, else by the last entry, which is mainline. */
function has(release: KernelRelease, points: readonly StablePoint[]): boolean {
  const { major, minor } = release.exact;
  const own = points.find((p) => p[0] === major && p[1] === minor);
  return atLeast(release, ...(own ?? (points[points.length - 1] as StablePoint)));
}

/** The behaviours of a release, frozen. */
export function rulesOf(release: KernelRelease): KernelRules {
  const iommuCoreConfiguresDma = atLeast(release, 6, 15);
  const configAcs = !atLeast(release, 6, 11) ? 'absent' : has(release, CONFIG_ACS_FIX) ? 'fixed' : 'broken-6.11';
  return Object.freeze({
    release,
    acsEnabledAt: acsEnabledAt(release, iommuCoreConfiguresDma),
    iommuCoreConfiguresDma,
    // Both parameters share one routine since 6.11, and its fix: on 6.12.113 and 7.3.4 disable_acs_redir= leaves
    // 0x0000 where the firmware had nothing set, on 6.1.192 it leaves 0x0011 (SV and UF of the kernel's own).
    disableAcsRedir: configAcs === 'absent' ? 'plain' : configAcs === 'fixed' ? 'firmware-only' : 'broken-6.11',
    configAcs,
    // Merged for 7.0, and in no stable branch.
    astBridgeNoAlias: atLeast(release, 7, 0),
    idtSourceValidationRemoved: atLeast(release, 7, 0),
    loongsonAcsRows: has(release, LOONGSON_ROWS),
    qualcommHamoaAcsRows: has(release, HAMOA_ROWS),
    switchtecPci100x: has(release, SWITCHTEC_PCI100X),
    smmuRejectsDuplicateIds: !has(release, SMMU_DUPLICATES_FIX),
    // 6.1 answers a second driver with EBUSY; the per-bus operations that made it so went in 6.8.
    severalIommuDrivers: atLeast(release, 6, 8),
    isolatedMsiPerDevice: atLeast(release, 6, 3),
  });
}

function acsEnabledAt(release: KernelRelease, coreConfiguresDma: boolean): KernelRules['acsEnabledAt'] {
  const { major, minor, patch } = release.exact;
  const late = LATE_ACS.find(({ first }) => first[0] === major && first[1] === minor);
  if (late !== undefined && patch !== undefined && patch >= late.first[2] && patch <= late.last) return 'driver-bind';
  // 6.18.16 and 6.19.6 took the move together with the Hamoa rows; there it comes early enough.
  return coreConfiguresDma && has(release, HAMOA_ROWS) ? 'iommu-probe' : 'enumeration';
}

/** A series alone (`6.12`, `v6.12`), a release (`6.12.15-arch1`), a distribution's (`6.1.0-56-amd64`). */
const RELEASE = /^\s*v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?(.*)$/s;
/** `Debian 6.1.192-2` in /proc/version; `Ubuntu 6.8.0-45.45-generic 6.8.12` in /proc/version_signature. */
const DEBIAN = /\bDebian (\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?/;
const UBUNTU = /\bUbuntu \S+ (\d{1,4})\.(\d{1,4})\.(\d{1,6})/;

/**
 * Reads a release. Never fails: what cannot be read takes the newest rules, and `note` says so.
 *
 * @param release As in /proc/sys/kernel/osrelease, or a series that the user asks for.
 * @param version All of /proc/version: Debian puts the upstream patch level only there.
 */
export function parseKernelRelease(release: string | undefined, version?: string): KernelRelease {
  const m = RELEASE.exec(release ?? '');
  if (m === null) {
    const note =
      release === undefined
        ? 'The kernel release is not known: the newest known rules are applied.'
        : `"${release}" is no kernel release: the newest known rules are applied.`;
    return Object.freeze({ text: release ?? '', series: '7.3', exact: numbered(7, 3, undefined), note });
  }
  const major = Number(m[1]);
  const minor = Number(m[2]);
  const exact = numbered(major, minor, patchLevel(major, minor, m[3], m[4] as string, version ?? ''));
  const series = nearestSeries(exact);
  const note = noteOn(exact, series, m[3] !== undefined);
  const text = (release as string).trim();
  return Object.freeze(note === undefined ? { text, series, exact } : { text, series, exact, note });
}

const numbered = (major: number, minor: number, patch: number | undefined): KernelVersion =>
  Object.freeze({ major, minor, patch });

function patchLevel(
  major: number,
  minor: number,
  ownPatch: string | undefined,
  suffix: string,
  version: string,
): number | undefined {
  for (const pattern of [DEBIAN, UBUNTU]) {
    const m = pattern.exec(version);
    if (m?.[3] !== undefined && Number(m[1]) === major && Number(m[2]) === minor) return Number(m[3]);
  }
  if (ownPatch === undefined) return undefined;
  // `6.8.0-45-generic`, `5.14.0-427.el9`: the zero stands for the whole series, the number after it is the distribution's.
  return Number(ownPatch) === 0 && /^-\d/.test(suffix) ? undefined : Number(ownPatch);
}

function nearestSeries(version: KernelVersion): KernelSeries {
  let nearest: KernelSeries = KERNEL_SERIES[0];
  for (const series of KERNEL_SERIES) {
    const [major, minor] = series.split('.').map(Number) as [number, number];
    if (version.major > major || (version.major === major && version.minor >= minor)) nearest = series;
  }
  return nearest;
}

function noteOn(version: KernelVersion, series: KernelSeries, releaseHasPatch: boolean): string | undefined {
  const { major, minor, patch } = version;
  if (major > 7 || (major === 7 && minor > 3)) {
    return `Linux ${major}.${minor} is newer than the rules known here: those of ${series} are applied.`;
  }
  if (major < 6 || (major === 6 && minor < 1)) {
    return `Linux ${major}.${minor} is older than the rules known here: those of ${series} are applied.`;
  }
  if (patch === undefined && releaseHasPatch) {
    return `The patch level of this ${major}.${minor} is not known: the last point release is assumed.`;
  }
  return undefined;
}
