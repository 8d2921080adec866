/**
 * @module The parameter `pci=config_acs=`: ACS bits to force on or off, by device.
 */
import { type DeviceSelector, formatDeviceSelector, parseDeviceSelector } from './device-selector.ts';

/** One `bits@device`. */
export interface ConfigAcs {
  /** As written: the rightmost is bit 0; `1` forces on, `0` forces off, `x` leaves as the firmware had it. */
  readonly bits: string;
  /** Bits that are forced. */
  readonly mask: number;
  /** Bits that are forced on; a part of `mask`. */
  readonly flags: number;
  readonly selector: DeviceSelector;
}

const BITS = /^[01x]{0,32}$/i;
/** SV to DT: the kernel refuses to force any other. */
const FORCEABLE = 0x7f;

/** Reads one entry; `undefined` for anything else. */
export function parseConfigAcs(text: string): ConfigAcs | undefined {
  const at = text.indexOf('@');
  if (at < 0) return undefined;
  const bits = text.slice(0, at);
  const selector = parseDeviceSelector(text.slice(at + 1));
  if (!BITS.test(bits) || selector === undefined) return undefined;
  let mask = 0;
  let flags = 0;
  for (const [i, c] of [...bits].reverse().entries()) {
    if (c === '0' || c === '1') mask |= 1 << i;
    if (c === '1') flags |= 1 << i;
  }
  if ((mask & ~FORCEABLE) !== 0) return undefined;
  return Object.freeze({ bits, mask, flags, selector });
}

export function formatConfigAcs(entry: ConfigAcs): string {
  return `${entry.bits}@${formatDeviceSelector(entry.selector)}`;
}
