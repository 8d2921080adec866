/**
 * @module How gzip is recognised: apart from unpacking it, which needs more.
 */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
