/**
 * @module Takes the name of the machine that built the kernel out of its version.
 */

/** `Linux version 6.1.0 (me@myhost) (gcc …)`: distributions build on hosts of their own, others on this very machine. */
export function redactVersion(text: string): string {
  return text.replace(/\([^\s()@]+@[^\s()]+\)/, (builder) => `(${'*'.repeat(builder.length - 2)})`);
}
