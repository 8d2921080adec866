/**
 * @module Text to bytes, as files have it.
 */
const encoder = new TextEncoder();

/** UTF-8. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}
