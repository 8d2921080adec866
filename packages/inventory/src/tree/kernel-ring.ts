/**
 * @module The running kernel's log, as `dmesg` prints it, from /dev/kmsg.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type ReadFailure, readFailure } from './machine-tree.ts';

/** The largest ring that a kernel can be built with is 32 MiB; this also ends a log that grows while it is read. */
const MAX_BYTES = 64 * 1024 * 1024;
/** A record is at most 8 KiB; a smaller buffer is refused by the kernel. */
const RECORD = 16 * 1024;

/**
 * Lines `[    0.123456] text`, oldest first. The device is opened non-blocking: at the end of the log it answers EAGAIN.
 * Without `CAP_SYSLOG` the kernel usually refuses (kernel.dmesg_restrict).
 */
export function readKernelRing(device = '/dev/kmsg'): string[] | ReadFailure {
  const name = device.slice(1);
  let fd: number;
  try {
    fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return failureOf(error, name);
  }
  const lines: string[] = [];
  const buffer = Buffer.alloc(RECORD);
  try {
    for (let total = 0; total < MAX_BYTES; ) {
      let length: number;
      try {
        length = readSync(fd, buffer, 0, buffer.length, null);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'EAGAIN') break;
        // The record was overwritten before it could be read; the next read gives the oldest one left.
        if (code === 'EPIPE') continue;
        return failureOf(error, name);
      }
      if (length === 0) break;
      total += length;
      lines.push(...formatRecord(buffer.toString('utf8', 0, length)));
    }
  } finally {
    closeSync(fd);
  }
  return lines;
}

/**
 * `6,339,5140900,-;NET: Registered protocol family` and, indented, properties (Documentation/ABI/testing/dev-kmsg).
 * Time is in microseconds; what is not printable is escaped as `\x0a`.
 */
export function formatRecord(record: string): string[] {
  const [first] = record.split('\n', 1) as [string];
  const semicolon = first.indexOf(';');
  if (semicolon === -1) return [];
  const microseconds = Number(first.slice(0, semicolon).split(',')[2]);
  if (!Number.isFinite(microseconds)) return [];
  const stamp = `[${(microseconds / 1e6).toFixed(6).padStart(12)}]`;
  return first
    .slice(semicolon + 1)
    .replaceAll('\\x0a', '\n')
    .split('\n')
    .map((text) => `${stamp} ${text}`);
}

function failureOf(error: unknown, name: string): ReadFailure {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'EPERM' || code === 'EACCES') return readFailure('denied', name);
  if (code === 'ENOENT') return readFailure('missing', name);
  return readFailure('io', name, `cannot be read (${code})`);
}
