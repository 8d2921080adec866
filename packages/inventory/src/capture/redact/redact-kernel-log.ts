/**
 * @module Keeps of a kernel's log what bears on PCI and IOMMUs, without addresses and serial numbers.
 *
 * A list of what may stay, not of what must go: drivers print addresses, serial numbers and host names in more ways than
 * anybody can list.
 */
import { messageOf } from '../../sysfs/kernel-log.ts';
import { redactCommandLine } from './redact-command-line.ts';
import { redactVersion } from './redact-version.ts';

/** First words of the lines that stay. */
const KEPT: ReadonlySet<string> = new Set([
  'ACPI',
  'AMD-Vi',
  'BIOS-e820',
  'DMAR',
  'DMAR-IR',
  'IOMMU',
  'PCI',
  'PCI-DMA',
  'VFIO',
  'acpi',
  'arm-smmu',
  'arm-smmu-v3',
  'iommu',
  'pci',
  'pci-stub',
  'pci_bus',
  'pciehp',
  'pcieport',
  'shpchp',
  'vfio',
  'vfio-pci',
  'virtio_iommu',
  'vmd',
  'x2apic',
]);

const COMMAND_LINE = /^((?:Kernel command|Command) line: )(.*)$/;

/** `e1000e 0000:00:1f.6 eth0: …`: that a driver has taken the device by then tells the order of probing. */
const OF_A_DEVICE = /^\S+ [0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?=[ :])/;

export function redactKernelLog(text: string): string {
  return text
    .split(/\r?\n/)
    .map(redactLine)
    .filter((line) => line !== undefined)
    .join('\n');
}

function redactLine(line: string): string | undefined {
  const message = messageOf(line);
  const redacted = redactMessage(message);
  // The time stays: it is before the message.
  return redacted === undefined ? undefined : line.slice(0, line.length - message.length) + redacted;
}

function redactMessage(message: string): string | undefined {
  if (message === '') return '';
  if (message.startsWith('Linux version ')) return redactVersion(message);
  if (message.startsWith('Booting Linux on physical CPU ')) return message;
  const commandLine = COMMAND_LINE.exec(message);
  if (commandLine !== null) return `${commandLine[1]}${redactCommandLine(commandLine[2] as string)}`;
  const word = /^[\w-]+/.exec(message)?.[0] ?? '';
  if (KEPT.has(word) || /iommu/i.test(message)) return redactIdentifiers(message);
  const device = OF_A_DEVICE.exec(message);
  return device === null ? undefined : `${device[0]}: <redacted>`;
}

const HEX = '[0-9a-f]{2}';
/** MAC addresses and the serial numbers made from them, UUIDs, and what is called a serial number. */
const IDENTIFIERS: readonly RegExp[] = [
  new RegExp(`\\b${HEX}(?::${HEX}){5,}\\b`, 'gi'),
  new RegExp(`\\b${HEX}(?:-${HEX}){5,}\\b`, 'gi'),
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  // Not `serial` alone, which is also the name of a driver: `serial 0000:00:18.2: Adding to iommu group 1`.
  /(?<=\bserial ?(?:number|no\.?)[ :=]{1,4}|\bserial[:=] ?)[^\s:=]\S*/gi,
];

function redactIdentifiers(message: string): string {
  let redacted = message;
  for (const pattern of IDENTIFIERS) redacted = redacted.replace(pattern, (found) => found.replace(/[^-:]/g, '*'));
  return redacted;
}
