/**
 * @module What a Linux shows of itself: groups, IOMMU units, its log, its command line; and the tables of the firmware.
 */
import { formatAddress, isUnknown, known, type Machine, parseAddress } from '@isogroups/pci';
import type { AddressRange } from '../devices/address-ranges.ts';
import type { FirmwareTables } from '../machine/firmware-tables.ts';
import type { LiveFunction } from '../machine/live-device.ts';
import type { TreeWriter } from './tree-writer.ts';
import { pathOf, unitPath } from './write-function.ts';

export function writeKernel(writer: TreeWriter, machine: Machine, memory: readonly AddressRange[]): void {
  const { kernel } = machine;
  const files = [
    ['proc/version', kernel.version],
    ['proc/cmdline', kernel.commandLine],
    ['proc/sys/kernel/osrelease', kernel.release],
    ['proc/sys/kernel/arch', kernel.architecture],
  ] as const;
  for (const [path, fact] of files) if (!isUnknown(fact)) writer.text(path, fact);
  if (!isUnknown(kernel.log)) writer.text('dmesg.txt', kernel.log.join('\n'));
  writer.text('proc/iomem', memory.map(ramLine).join('\n'));
}

const hex8 = (address: number): string => address.toString(16).padStart(8, '0');

const ramLine = ({ base, size }: AddressRange): string => `${hex8(base)}-${hex8(base + size - 1)} : System RAM`;

const GROUPS = 'sys/kernel/iommu_groups';

export function writeGroups(writer: TreeWriter, { kernel, others }: Machine): void {
  if (isUnknown(kernel.groups)) return;
  writer.directory(GROUPS);
  for (const { id, members, type, reservedRegions } of kernel.groups) {
    const path = `${GROUPS}/${id}`;
    writer.directory(`${path}/devices`);
    if (!isUnknown(type) && type !== null) writer.text(`${path}/type`, type);
    if (!isUnknown(reservedRegions)) {
      const lines = reservedRegions.map((r) => `${hex16(r.start)} ${hex16(r.end)} ${r.type}`);
      writer.text(`${path}/reserved_regions`, lines.join('\n'));
    }
    // PCI functions have linked themselves.
    for (const name of members) {
      if (parseAddress(name) === undefined)
        writeOther(
          writer,
          others.find((o) => o.name === name),
          name,
          id,
        );
    }
  }
}

const hex16 = (value: bigint): string => `0x${value.toString(16).padStart(16, '0')}`;

function writeOther(
  writer: TreeWriter,
  other: Machine['others'][number] | undefined,
  name: string,
  group: number,
): void {
  const bus = other?.subsystem ?? 'platform';
  const path = `sys/devices/platform/${name}`;
  const driver = other === undefined ? undefined : known(other.driver);
  writer.link(`${GROUPS}/${group}/devices/${name}`, path);
  writer.link(`${path}/subsystem`, `sys/bus/${bus}`);
  writer.link(`${path}/iommu_group`, `${GROUPS}/${group}`);
  if (driver) writer.link(`${path}/driver`, `sys/bus/${bus}/drivers/${driver}`);
}

export function writeUnits(writer: TreeWriter, machine: Machine, live: readonly LiveFunction[]): void {
  const { iommuUnits } = machine.kernel;
  if (isUnknown(iommuUnits)) return;
  writer.directory('sys/class/iommu');
  for (const name of iommuUnits) {
    writer.link(`sys/class/iommu/${name}`, unitPath(name));
    writer.link(`${unitPath(name)}/subsystem`, 'sys/class/iommu');
  }
  machine.functions.forEach((f, i) => {
    const unit = known(f.host.iommu);
    if (unit) writer.link(`${unitPath(unit)}/devices/${formatAddress(f)}`, pathOf(f, live[i] as LiveFunction));
  });
}

const TABLES = 'sys/firmware/acpi/tables';

/** The directory is there even where it is empty: it tells that the machine has no other tables. */
export function writeTables(writer: TreeWriter, tables: FirmwareTables): void {
  writer.directory(TABLES);
  for (const [signature, bytes] of tables) writer.bytes(`${TABLES}/${signature}`, bytes);
}
