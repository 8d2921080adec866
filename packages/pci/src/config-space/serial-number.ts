/**
 * @module Device Serial Number (PCIe 6.0, 7.9.3): an EUI-64.
 */
import { type Fact, isUnknown } from '../facts/fact.ts';
import type { CapabilityKind } from './capability-list.ts';
import type { ConfigReader } from './config-reader.ts';

export const SERIAL_NUMBER: CapabilityKind = { id: 0x03, name: 'Device Serial Number', size: 12 };

/** `00-11-22-ff-ff-33-44-55`: most significant byte first, as lspci prints it. */
export function decodeSerialNumber(config: ConfigReader, at: number): Fact<string> {
  const low = config.u32(at + 4);
  const high = config.u32(at + 8);
  if (isUnknown(high)) return high;
  if (isUnknown(low)) return low;
  const digits = [high, low].map((dword) => dword.toString(16).padStart(8, '0')).join('');
  return (digits.match(/../g) as string[]).join('-');
}
