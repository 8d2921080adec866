/**
 * @module IP addresses as numbers.
 */

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** `192.168.1.5`, `fe80::1`, `::ffff:192.168.1.5` (which is the IPv4 address). Undefined for anything else. */
export function parseIpAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = parse4(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const [head, tail, more] = text.split('::').map(words);
  if (head === undefined || more !== undefined) return undefined;
  const rest = tail ?? [];
  const gap = 8 - head.length - rest.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const all = [...head, ...new Array<number>(gap).fill(0), ...rest];
  if (all.some((w) => !Number.isInteger(w) || w < 0 || w > 0xffff)) return undefined;
  const value = all.reduce((sum, w) => (sum << 16n) | BigInt(w), 0n);
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
}

function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

/** Groups of an IPv6 address; an IPv4 address at its end is two of them. */
function words(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    const four = group.includes('.') ? parse4(group) : undefined;
    if (four !== undefined) return [Number(four >> 16n), Number(four & 0xffffn)];
    return [/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN];
  });
}

export function formatIpAddress({ family, value }: Address): string {
  const parts = (count: number, bits: bigint, radix: number): string[] =>
    Array.from({ length: count }, (_, i) =>
      ((value >> (BigInt(count - 1 - i) * bits)) & ((1n << bits) - 1n)).toString(radix),
    );
  if (family === 4) return parts(4, 8n, 10).join('.');
  // The longest run of zeros is left out (RFC 5952).
  const text = parts(8, 16n, 16).join(':');
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return text;
  const at = text.indexOf(longest);
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
