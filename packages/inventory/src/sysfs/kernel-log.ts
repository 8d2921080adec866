/**
 * @module What the kernel's log tells of the machine, apart from what the grouping rules look for in it.
 */
import { type Fact, isUnknown, type RootBus } from '@isogroups/pci';

/** The text after `[    0.123456] ` (or after `<6>[    0.123456] `, as on a serial line). */
export function messageOf(line: string): string {
  return line.replace(/^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[[^\]]*\])? ?/, '');
}

/** Whether the log begins with the start of the kernel; if not, the ring was too small and the beginning is lost. */
export function isFromTheStart(lines: readonly string[]): boolean {
  return lines.slice(0, 10).some((line) => messageOf(line).startsWith('Linux version '));
}

export interface PresentRootBus extends RootBus {
  /** Whether any function of the bus itself has an address range, so that its host bridge has windows. Reads files. */
  readonly hasRanges: () => boolean;
}

/**
 * Root busses in the order in which the kernel found the host bridges, undefined where nothing tells it; one bus needs no
 * log. The kernel says `PCI host bridge to bus 0000:40` as it finds them, and later, bus by bus in the same order,
 * `pci_bus 0000:40: resource 4 [mem …]` for each window. Where the beginning of the log is lost, so are the lines of the
 * busses that come first: a single bus without any is the first one.
 */
export function rootBusOrder(
  log: Fact<readonly string[]>,
  present: readonly PresentRootBus[],
): readonly RootBus[] | undefined {
  if (present.length === 1) return present.map(plain);
  if (isUnknown(log)) return undefined;
  const isCut = !isFromTheStart(log);
  const complete = (
    found: readonly RootBus[],
    isNamed: (bus: PresentRootBus) => boolean,
  ): readonly RootBus[] | undefined => {
    const missing = present.filter((bus) => !found.some((other) => isSame(bus, other)));
    const [first] = missing;
    if (first === undefined) return found;
    return isCut && found.length > 0 && missing.length === 1 && isNamed(first) ? [plain(first), ...found] : undefined;
  };
  return (
    complete(bussesIn(log, /PCI host bridge to bus ([0-9a-f]{4,8}):([0-9a-f]{2})\b/), () => true) ??
    complete(rootsOf(present, bussesIn(log, /pci_bus ([0-9a-f]{4,8}):([0-9a-f]{2}): resource \d/)), (bus) =>
      bus.hasRanges(),
    )
  );
}

/** The busses that the lines name, each once, in the order of the log. */
function bussesIn(log: readonly string[], pattern: RegExp): RootBus[] {
  const found = new Map<string, RootBus>();
  for (const line of log) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const [name, segment, bus] = [`${match[1]}:${match[2]}`, match[1] as string, match[2] as string];
    if (!found.has(name)) found.set(name, { segment: Number.parseInt(segment, 16), bus: Number.parseInt(bus, 16) });
  }
  return [...found.values()];
}

/** Windows are told of all busses, not only of root busses. */
const rootsOf = (present: readonly RootBus[], busses: readonly RootBus[]): RootBus[] =>
  busses.filter((bus) => present.some((root) => isSame(bus, root)));

const plain = ({ segment, bus }: RootBus): RootBus => ({ segment, bus });

const isSame = (a: RootBus, b: RootBus): boolean => a.segment === b.segment && a.bus === b.bus;
