/**
 * @module Takes serial numbers, addresses and keys out of a flattened device tree (Devicetree Specification 0.4, 5).
 */
import { decodeText } from '../../tree/decode-text.ts';
import { redactCommandLine } from './redact-command-line.ts';

const MAGIC = 0xd00dfeed;
const BEGIN_NODE = 1;
const END_NODE = 2;
const PROPERTY = 3;
const NOP = 4;

/** Names of properties that tell one machine from others of its kind, or that are secret. */
const PRIVATE = /serial-?(?:number|no|nr)|mac-?addr|(?:^|[-,])mac(?:$|-)|uuid|seed|asset|hostname|system-id/i;

/**
 * A copy with zeros for the values of such properties, and `bootargs` redacted as a command line; nothing moves. What is
 * no device tree, or is damaged, is returned empty: there is no telling what is in it.
 */
export function redactDeviceTree(bytes: Uint8Array): Uint8Array {
  const redacted = bytes.slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 40 || view.getUint32(0) !== MAGIC) return new Uint8Array();
  const strings = view.getUint32(12);
  let at = view.getUint32(8);
  while (at + 4 <= bytes.length) {
    const token = view.getUint32(at);
    at += 4;
    if (token === BEGIN_NODE) {
      const end = bytes.indexOf(0, at);
      if (end === -1) break;
      at = align(end + 1);
    } else if (token === PROPERTY) {
      if (at + 8 > bytes.length) break;
      const length = view.getUint32(at);
      const name = textAt(bytes, strings + view.getUint32(at + 4));
      const start = at + 8;
      if (start + length > bytes.length) break;
      if (PRIVATE.test(name)) redacted.fill(0, start, start + length);
      if (name === 'bootargs') redacted.set(redactText(bytes.subarray(start, start + length)), start);
      at = align(start + length);
    } else if (token !== END_NODE && token !== NOP) {
      // 9, the end; anything else is damage.
      return token === 9 ? redacted : new Uint8Array();
    }
  }
  return new Uint8Array();
}

const align = (offset: number): number => (offset + 3) & ~3;

function textAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return at >= bytes.length || end === -1 ? '' : decodeText(bytes, at, end);
}

/** Of the same length: redacting keeps the length of ASCII, and what is not ASCII is no command line. */
function redactText(value: Uint8Array): Uint8Array {
  const end = value.indexOf(0);
  const text = decodeText(value, 0, end === -1 ? value.length : end);
  const redacted = new Uint8Array(value.length);
  const encoded = new TextEncoder().encode(redactCommandLine(text));
  redacted.set(encoded.subarray(0, value.length));
  return redacted;
}
