/**
 * @module A DataView over exactly the bytes of an array: the bounded reader of all decoders.
 */

/**
 * Reads outside the array throw a RangeError, which is a defect of the decoder: it has to compare lengths first.
 * Pass `true` for little endian (PCI, ACPI); device trees are big endian.
 */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
