/**
 * @module Reads a named file or standard input whole, with a limit, without ever waiting for a pipe that was named.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { CannotReadMachine } from './cannot-read-machine.ts';

/** 256 MiB: a snapshot of a large machine has one. */
const INPUT_LIMIT: number = 256 * 1024 * 1024;

/** @throws CannotReadMachine */
export function readFileWhole(where: string, limit: number = INPUT_LIMIT): Uint8Array {
  let fd: number | undefined;
  try {
    // Opened without waiting: another process may have put a pipe there since it was looked at.
    fd = openSync(where, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new CannotReadMachine('not-a-file', where, `${where} is no longer a regular file.`);
    if (stat.size > limit) throw tooLarge(where, limit);
    const bytes = new Uint8Array(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(fd, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    throw error instanceof CannotReadMachine ? error : failedToRead(where, error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** @throws CannotReadMachine */
export async function readStream(
  stream: AsyncIterable<Uint8Array | string>,
  limit: number = INPUT_LIMIT,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    total += bytes.length;
    if (total > limit) throw tooLarge('standard input', limit);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

export function failedToRead(where: string, error: unknown): CannotReadMachine {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const details = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new CannotReadMachine('missing', where, `There is no ${where}. Check the name.`, details);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new CannotReadMachine(
      'denied',
      where,
      `${where} may not be read by you. Run as its owner or as root.`,
      details,
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return new CannotReadMachine('io', where, `${where} cannot be read: ${why}.`, details);
}

const tooLarge = (where: string, limit: number): CannotReadMachine =>
  new CannotReadMachine(
    'too-large',
    where,
    `${where} has more than ${limit / 1024 / 1024} MiB, which no snapshot has. Name a snapshot or a text made by lspci.`,
  );
