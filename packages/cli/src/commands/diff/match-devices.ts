/**
 * @module Which function of one machine is which of another. Bus numbers are handles for today: a function is where it is
 * plugged in, and what it is.
 */
import { type Fact, isUnknown, known, type Machine, type PciFunction } from '@isogroups/pci';

export interface DevicePair {
  readonly a: number;
  readonly b: number;
}

export interface DeviceMatch {
  /** All that are in both, by index in the first machine. */
  readonly pairs: readonly DevicePair[];
  /** Of these, the ones that sit somewhere else now. */
  readonly moved: readonly DevicePair[];
  /** Something else sits at the same place: `a` went, `b` came. */
  readonly replaced: readonly DevicePair[];
  readonly went: readonly number[];
  readonly came: readonly number[];
}

export function matchDevices(a: Machine, b: Machine): DeviceMatch {
  const pathsA = devicePaths(a);
  const pathsB = devicePaths(b);
  const atPath = new Map(pathsB.map((path, j) => [path, j]));
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  const moved: DevicePair[] = [];
  const replaced: DevicePair[] = [];
  const join = (i: number, j: number): void => {
    partner.set(i, j);
    taken.add(j);
  };

  pathsA.forEach((path, i) => {
    const j = atPath.get(path);
    if (j === undefined) return;
    if (couldBeSame(a.functions[i] as PciFunction, b.functions[j] as PciFunction)) join(i, j);
  });
  // Elsewhere: by serial number first, then by what it is, where only one on either side is left of that kind.
  for (const keyOf of [serialKey, kindKey]) {
    const left = uniqueBy(b.functions, (f, j) => (taken.has(j) ? undefined : keyOf(f)));
    for (const [key, i] of uniqueBy(a.functions, (f, i) => (partner.has(i) ? undefined : keyOf(f)))) {
      const j = left.get(key);
      if (j === undefined) continue;
      join(i, j);
      moved.push({ a: i, b: j });
    }
  }
  const went: number[] = [];
  pathsA.forEach((path, i) => {
    if (partner.has(i)) return;
    went.push(i);
    const j = atPath.get(path);
    if (j !== undefined && !taken.has(j)) replaced.push({ a: i, b: j });
  });
  return {
    pairs: [...partner].sort(([x], [y]) => x - y).map(([i, j]) => ({ a: i, b: j })),
    moved: moved.sort((x, y) => x.a - y.a),
    replaced,
    went,
    came: b.functions.flatMap((_, j) => (taken.has(j) ? [] : [j])),
  };
}

/**
 * `0000:00/1c.0/00.0`: the root bus, then device and function at each step down. A virtual function is counted below its
 * physical one, because its own number follows from a bus number.
 */
function devicePaths({ functions }: Machine): readonly string[] {
  const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');
  const paths: string[] = [];
  const virtualFunctions = new Map<number, number>();
  functions.forEach((f, i) => {
    if (f.physicalFunction >= 0 && f.physicalFunction < i) {
      const k = virtualFunctions.get(f.physicalFunction) ?? 0;
      virtualFunctions.set(f.physicalFunction, k + 1);
      paths.push(`${paths[f.physicalFunction]}/vf${k}`);
      return;
    }
    const above = f.parent >= 0 ? paths[f.parent] : `${hex(f.segment, 4)}:${hex(f.bus, 2)}`;
    paths.push(`${above}/${hex(f.devfn >> 3, 2)}.${f.devfn & 7}`);
  });
  return paths;
}

/** Ids that one of the two does not tell contradict nothing. */
function couldBeSame(a: PciFunction, b: PciFunction): boolean {
  return agree(a.vendor, b.vendor) && agree(a.device, b.device) && agree(a.classCode, b.classCode);
}

function agree(a: Fact<number>, b: Fact<number>): boolean {
  return isUnknown(a) || isUnknown(b) || a === b;
}

function kindKey(f: PciFunction): string | undefined {
  const [vendor, device] = [known(f.vendor), known(f.device)];
  if (vendor === undefined || device === undefined) return undefined;
  return [vendor, device, known(f.subsystemVendor), known(f.subsystemDevice), f.devfn & 7].join(':');
}

function serialKey(f: PciFunction): string | undefined {
  const serial = known(f.serialNumber);
  return serial ? `${serial} ${kindKey(f)}` : undefined;
}

/** Index of each key that occurs once. */
function uniqueBy(
  functions: readonly PciFunction[],
  keyOf: (f: PciFunction, i: number) => string | undefined,
): ReadonlyMap<string, number> {
  const once = new Map<string, number>();
  const several = new Set<string>();
  functions.forEach((f, i) => {
    const key = keyOf(f, i);
    if (key === undefined) return;
    if (once.has(key)) several.add(key);
    else once.set(key, i);
  });
  for (const key of several) once.delete(key);
  return once;
}
