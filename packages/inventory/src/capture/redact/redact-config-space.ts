/**
 * @module Takes serial numbers out of configuration space.
 */

/** PCIe 6.0, 7.9.3: eight bytes at +4. Network cards make it from their MAC address. */
const DEVICE_SERIAL_NUMBER = 0x0003;
/** PCI 3.0, appendix I: at +4 the four bytes of vital product data that were read last, which may be of its serial number. */
const VITAL_PRODUCT_DATA = 0x03;

/** A copy with zeros in their place; nothing moves. Lists with loops are followed once round. */
export function redactConfigSpace(bytes: Uint8Array): Uint8Array {
  const redacted = bytes.slice();
  for (const [at, id] of standardCapabilities(bytes)) {
    if (id === VITAL_PRODUCT_DATA) redacted.fill(0, at + 4, at + 8);
  }
  for (const [at, id] of extendedCapabilities(bytes)) {
    if (id === DEVICE_SERIAL_NUMBER) redacted.fill(0, at + 4, at + 12);
  }
  return redacted;
}

type Place = readonly [at: number, id: number];

function* standardCapabilities(bytes: Uint8Array): Generator<Place> {
  const isCardBus = ((bytes[0x0e] ?? 0) & 0x7f) === 2;
  const seen = new Set<number>();
  let at = (bytes[isCardBus ? 0x14 : 0x34] ?? 0) & 0xfc;
  while (at >= 0x40 && at + 1 < Math.min(bytes.length, 256) && !seen.has(at)) {
    seen.add(at);
    yield [at, bytes[at] as number];
    at = (bytes[at + 1] as number) & 0xfc;
  }
}

function* extendedCapabilities(bytes: Uint8Array): Generator<Place> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<number>();
  let at = 0x100;
  while (at >= 0x100 && at + 4 <= Math.min(bytes.length, 4096) && !seen.has(at)) {
    seen.add(at);
    const header = view.getUint32(at, true);
    yield [at, header & 0xffff];
    at = (header >>> 20) & 0xffc;
  }
}
