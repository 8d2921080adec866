/**
 * @module The directory of a PCI function in sysfs.
 */
import { type Fact, formatAddress, isUnknown, type Machine, type PciFunction } from '@isogroups/pci';
import { memoryRanges, virtualSpan } from '../devices/address-ranges.ts';
import { isBridge } from '../devices/registers.ts';
import type { LiveFunction } from '../machine/live-device.ts';
import { sysfsPath } from '../machine/sysfs-path.ts';
import type { TreeWriter } from './tree-writer.ts';

export function writeFunction(writer: TreeWriter, machine: Machine, f: PciFunction, live: LiveFunction): void {
  const path = pathOf(f, live);
  const name = formatAddress(f);
  writer.link(`sys/bus/pci/devices/${name}`, path);
  writer.link(`${path}/subsystem`, 'sys/bus/pci');
  const attributes: readonly (readonly [string, Fact<number>, number])[] = [
    ['vendor', f.vendor, 4],
    ['device', f.device, 4],
    ['subsystem_vendor', f.subsystemVendor, 4],
    ['subsystem_device', f.subsystemDevice, 4],
    ['class', f.classCode, 6],
    ['revision', f.revision, 2],
  ];
  for (const [file, fact, width] of attributes) {
    if (!isUnknown(fact)) writer.text(`${path}/${file}`, `0x${hex(fact, width)}`);
  }
  if (f.config !== undefined) writer.bytes(`${path}/config`, f.config.bytes);
  if (live.captured === undefined) writer.text(`${path}/resource`, resources(live));
  const { host } = f;
  if (!isUnknown(host.driverOverride)) writer.text(`${path}/driver_override`, host.driverOverride ?? '(null)');
  if (!isUnknown(host.numaNode)) writer.text(`${path}/numa_node`, String(host.numaNode ?? -1));
  if (!isUnknown(host.driver) && host.driver !== null)
    writer.link(`${path}/driver`, `sys/bus/pci/drivers/${host.driver}`);
  if (!isUnknown(host.group) && host.group !== null) {
    writer.link(`${path}/iommu_group`, `sys/kernel/iommu_groups/${host.group}`);
    writer.link(`sys/kernel/iommu_groups/${host.group}/devices/${name}`, path);
  }
  if (!isUnknown(host.iommu) && host.iommu !== null) writer.link(`${path}/iommu`, unitPath(host.iommu));
  writeVirtual(writer, machine, f, live, path);
  for (const s of live.software) {
    writer.link(`${path}/${s.name}/subsystem`, `sys/bus/${s.bus}`);
    if (s.driver !== undefined) writer.link(`${path}/${s.name}/driver`, `sys/bus/${s.bus}/drivers/${s.driver.name}`);
  }
}

export const pathOf = (f: PciFunction, live: LiveFunction): string => f.host.path ?? sysfsPath(live);

export const unitPath = (name: string): string => `sys/devices/virtual/iommu/${name}`;

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');

function writeVirtual(writer: TreeWriter, machine: Machine, f: PciFunction, live: LiveFunction, path: string): void {
  const beside = (name: string): string => `${path.slice(0, path.lastIndexOf('/'))}/${name}`;
  if (f.physicalFunction >= 0) {
    const physical = machine.functions[f.physicalFunction] as PciFunction;
    writer.link(`${path}/physfn`, beside(formatAddress(physical)));
  }
  if (live.virtualBarSizes.every((size) => size === 0)) return;
  const self = machine.functions.indexOf(f);
  machine.functions
    .filter((other) => other.physicalFunction === self)
    .forEach((other, n) => {
      writer.link(`${path}/virtfn${n}`, beside(formatAddress(other)));
    });
}

// include/linux/ioport.h: IORESOURCE_MEM, _PREFETCH, _SIZEALIGN, _MEM_64.
const MEMORY = 0x200;
const PREFETCHABLE = 0x2000;
const SIZE_ALIGNED = 0x4_0000;
const WIDE = 0x10_0000;
const UNUSED = line(0, 0, 0);

/** Six registers, the ROM, six registers for virtual functions; of a bridge more, which it has no use for here. */
function resources(f: LiveFunction): string {
  const lines = new Array<string>(isBridge(f.config) ? 17 : 13).fill(UNUSED);
  for (const { register, base, size, bits, prefetchable } of memoryRanges(f)) {
    const flags = MEMORY | SIZE_ALIGNED | (prefetchable ? PREFETCHABLE : 0) | (bits === 64 ? WIDE : 0);
    lines[register] = line(base, base + size - 1, flags);
  }
  virtualSpan(f).forEach(({ base, size, register }) => {
    lines[7 + register] = line(base, base + size - 1, MEMORY | SIZE_ALIGNED | PREFETCHABLE | WIDE);
  });
  return lines.join('\n');
}

function line(first: number, last: number, flags: number): string {
  return [first, last, flags].map((value) => `0x${hex(value, 16)}`).join(' ');
}
