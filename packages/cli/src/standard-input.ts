/**
 * @module Text on standard input.
 */
import { fstatSync } from 'node:fs';

export type StandardInput = NodeJS.ReadableStream & { readonly fd?: number; readonly isTTY?: boolean };

/** Whether a pipe, socket or file stands there: a terminal and /dev/null have nothing to say. */
export function isPipedIn(stdin: StandardInput): boolean {
  if (stdin.isTTY === true) return false;
  if (stdin.fd === undefined) return true;
  try {
    const stat = fstatSync(stdin.fd);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}

export async function textOf(stdin: StandardInput): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** What comes before the first line end, or the end. */
export async function lineOf(stdin: StandardInput): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0] as string;
}
