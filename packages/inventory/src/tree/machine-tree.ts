/**
 * @module The port through which a machine's files are read, whatever they are kept in.
 */

/** Why a file, directory or link could not be read. */
export interface ReadFailure {
  readonly kind: 'failure';
  readonly reason:
    | 'missing'
    | 'denied'
    /** A link leads out of the machine's root. */
    | 'outside'
    | 'too-large'
    | 'not-a-file'
    | 'not-a-directory'
    | 'not-a-link'
    /** Something in the kernel holds the lock of the device, and does not let it go. */
    | 'locked'
    | 'io';
  /** A clause that names the path: "sys/firmware/fdt: permission denied". */
  readonly message: string;
}

/**
 * Read-only view of a machine's root directory.
 *
 * Paths are relative to that root (`sys/bus/pci/devices`; empty for the root itself). Links on the way are followed, but
 * never out of the root: an absolute target starts at the machine's root, `..` above it is a failure. Nothing here
 * throws, writes, or waits: what is not a regular file is not opened.
 */
export interface MachineTree {
  /** What the user named, for messages. */
  readonly label: string;
  /** False where parts are known to be lost (a cut archive): what is not there may then just be lost. */
  readonly complete: boolean;
  /** Content of a regular file, up to `limit` bytes (default `DEFAULT_FILE_LIMIT`); a longer file is a failure. */
  readBytes(path: string, limit?: number): Uint8Array | ReadFailure;
  /** Names in a directory, sorted by code unit, without `.` and `..`. */
  list(path: string): readonly string[] | ReadFailure;
  /** The text of a link as it stands, not followed; it may name something that is not there. */
  readLink(path: string): string | ReadFailure;
}

/** 16 MiB: the largest file of interest, an ACPI table, has some hundred kilobytes. */
export const DEFAULT_FILE_LIMIT: number = 16 * 1024 * 1024;

export function readFailure(reason: ReadFailure['reason'], path: string, why?: string): ReadFailure {
  return Object.freeze({ kind: 'failure', reason, message: `${path === '' ? '/' : path}: ${why ?? CLAUSES[reason]}` });
}

const CLAUSES: Record<ReadFailure['reason'], string> = {
  missing: 'not there',
  denied: 'permission denied',
  outside: 'leads out of the root directory',
  'too-large': 'too large',
  'not-a-file': 'not a regular file',
  'not-a-directory': 'not a directory',
  'not-a-link': 'not a link',
  locked: 'does not answer, because something in the kernel holds the lock of the device',
  io: 'cannot be read',
};

export function isReadFailure(result: unknown): result is ReadFailure {
  return typeof result === 'object' && result !== null && (result as { kind?: unknown }).kind === 'failure';
}
