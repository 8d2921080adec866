/**
 * @module Short names for long histories.
 */
import { createHash } from 'node:crypto';

/** 96 bits: among a hundred million states two share a name with a chance of one in ten thousand million million. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url').slice(0, 16);
}
