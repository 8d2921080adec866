/**
 * @module The running kernel: its version, command line, log and architecture.
 */
import { diagnostic, type Fact, type FirmwareFacts, isUnknown, type KernelFacts, known } from '@isogroups/pci';
import { isReadFailure } from '../tree/machine-tree.ts';
import { type Reading, readText, unreadable } from './attributes.ts';
import { findKernelLog } from './find-kernel-log.ts';
import { isFromTheStart, messageOf } from './kernel-log.ts';

export function readKernel(reading: Reading, firmware: FirmwareFacts, groups: KernelFacts['groups']): KernelFacts {
  const log = readLog(reading);
  const version = readOr(reading, 'proc/version', () => logged(log, /^(Linux version .*)/));
  const iommuUnits = readUnits(reading);
  return Object.freeze({
    release: readOr(reading, 'proc/sys/kernel/osrelease', () => known(version)?.split(' ')[2]),
    version,
    // x86 logs `Command line:` before the common line, in which it has added to it what the firmware asks for.
    commandLine: readOr(reading, 'proc/cmdline', () => logged(log, /^(?:Kernel command|Command) line: (.*)/)),
    log,
    architecture: readOr(reading, 'proc/sys/kernel/arch', () =>
      architectureFrom({ version, log, firmware, iommuUnits }),
    ),
    groups,
    iommuUnits,
  });
}

/** A one-line file, or what stands in for it where it is not there. */
function readOr(reading: Reading, path: string, otherwise: () => string | undefined): Fact<string> {
  const text = readText(reading.tree, path);
  if (!isReadFailure(text)) return text;
  return otherwise() ?? unreadable(reading, text);
}

function logged(log: Fact<readonly string[]>, pattern: RegExp): string | undefined {
  for (const line of known(log) ?? []) {
    const match = pattern.exec(messageOf(line));
    if (match !== null) return match[1];
  }
  return undefined;
}

function readLog(reading: Reading): Fact<readonly string[]> {
  const found = findKernelLog(reading.tree);
  if (isReadFailure(found)) return unreadable(reading, found);
  const lines = found.text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (!isFromTheStart(lines)) {
    const message =
      'the beginning of the log is lost: no "Linux version" in it; the order of host bridges may be unknown';
    reading.diagnostics.push(diagnostic('warning', found.file, message));
  }
  return Object.freeze(lines);
}

const UNITS = 'sys/class/iommu';

function readUnits(reading: Reading): Fact<readonly string[]> {
  const names = reading.tree.list(UNITS);
  return isReadFailure(names) ? unreadable(reading, names) : Object.freeze([...names]);
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/x86[_-]64|amd64/, 'x86_64'],
  [/aarch64|arm64/, 'aarch64'],
  [/riscv64/, 'riscv64'],
  [/ppc64le|powerpc64le/, 'ppc64le'],
  [/loongarch64|loong64/, 'loongarch64'],
  [/s390x/, 's390x'],
  [/\bi[3-6]86\b|686-pae/, 'i686'],
];

interface ArchitectureClues extends Pick<KernelFacts, 'version' | 'log' | 'iommuUnits'> {
  readonly firmware: FirmwareFacts;
}

/** From the kernel's or its compiler's name, then from what only one architecture has. */
function architectureFrom({ version, log, firmware, iommuUnits }: ArchitectureClues): string | undefined {
  const named = NAMES.find(([pattern]) => pattern.test(known(version) ?? ''));
  if (named !== undefined) return named[1];
  for (const line of known(log) ?? []) {
    if (line.includes('BIOS-e820: [mem ')) return 'x86_64';
    // 32-bit ARM does not print the processor's id behind.
    if (/Booting Linux on physical CPU 0x[0-9a-f]+ \[0x/.test(line)) return 'aarch64';
  }
  const units = known(iommuUnits) ?? [];
  if (isThere(firmware.dmar) || isThere(firmware.ivrs) || units.some((unit) => /^(dmar|ivhd)\d/.test(unit)))
    return 'x86_64';
  if (isThere(firmware.iort)) return 'aarch64';
  return undefined;
}

const isThere = (fact: Fact<object | null>): boolean => fact !== null && !isUnknown(fact);
