/**
 * @module Version 5 UUIDs (RFC 9562, 5.5): the same name has the same UUID on every machine and at every boot.
 */
import { sha1 } from './sha1.ts';

/**
 * The namespace of group names, chosen once at random. The UUID of `vtd0/0000:01:00.0` is the v5 of that text in this
 * namespace, so other programs can compute it: `uuidgen --sha1 --namespace 7d0c42a8-… --name vtd0/0000:01:00.0`.
 */
export const GROUP_NAMESPACE = '7d0c42a8-5f1e-4b6d-9c37-2e8a61f4b0d9';

export function uuidV5(name: string, namespace: string = GROUP_NAMESPACE): string {
  const bytes = utf8(name);
  const message = new Uint8Array(16 + bytes.length);
  const hex = namespace.replaceAll('-', '');
  for (let k = 0; k < 16; k++) message[k] = Number.parseInt(hex.slice(2 * k, 2 * k + 2), 16);
  message.set(bytes, 16);
  const digest = sha1(message);
  digest[6] = ((digest[6] as number) & 0x0f) | 0x50;
  digest[8] = ((digest[8] as number) & 0x3f) | 0x80;
  const text = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** Without TextEncoder, which is no part of the language. What is no character becomes U+FFFD, as there. */
function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  const bytes = escaped.match(/%..|[^%]/g) ?? [];
  return Uint8Array.from(bytes, (b) => (b.length === 1 ? b.charCodeAt(0) : Number.parseInt(b.slice(1), 16)));
}
