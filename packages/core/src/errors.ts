/**
 * @module What misuse of the registry, of claims and of domains throws: one class an errno, with the operands and the
 * next step. Bad hardware data is never thrown; it is a diagnostic.
 */

/** The names of the errors, as the kernel would call them. */
export type Errno = 'EBUSY' | 'EEXIST' | 'EINVAL' | 'EIO' | 'ENODEV' | 'ENOMEM' | 'ENOSYS' | 'EPERM' | 'ERANGE';

export interface Complaint {
  /** What is wrong, with the names of what it is about: `group vtd0/0000:02:00.0 is claimed by "vfio"`. */
  readonly says: string;
  /** What to do about it, in the imperative: `release that claim first`. */
  readonly next: string;
  /** The values that it is about, for programs. */
  readonly operands: Readonly<Record<string, unknown>>;
  /** What was caught, where this error answers to another one. */
  readonly cause?: unknown;
}

export abstract class IsolationError extends Error {
  readonly errno: Errno;
  readonly next: string;
  readonly operands: Readonly<Record<string, unknown>>;

  protected constructor(errno: Errno, complaint: Complaint) {
    super(
      `${errno}: ${complaint.says}: ${complaint.next}`,
      'cause' in complaint ? { cause: complaint.cause } : undefined,
    );
    this.errno = errno;
    this.next = complaint.next;
    this.operands = Object.freeze({ ...complaint.operands });
  }
}

/** `EBUSY`: somebody else has it, or it is still in use. */
export class BusyError extends IsolationError {
  override readonly name = 'BusyError';
  constructor(complaint: Complaint) {
    super('EBUSY', complaint);
  }
}

/** `EEXIST`: there is one already. */
export class ExistsError extends IsolationError {
  override readonly name = 'ExistsError';
  constructor(complaint: Complaint) {
    super('EEXIST', complaint);
  }
}

/** `EINVAL`: it makes no sense, now or ever. */
export class InvalidError extends IsolationError {
  override readonly name = 'InvalidError';
  constructor(complaint: Complaint) {
    super('EINVAL', complaint);
  }
}

/** `EIO`: what does the work refused, or cannot work together. */
export class IoError extends IsolationError {
  override readonly name = 'IoError';
  constructor(complaint: Complaint) {
    super('EIO', complaint);
  }
}

/** `ENODEV`: no such device, provider or bus. */
export class NoDeviceError extends IsolationError {
  override readonly name = 'NoDeviceError';
  constructor(complaint: Complaint) {
    super('ENODEV', complaint);
  }
}

/** `ENOMEM`: there is no room for it. */
export class NoMemoryError extends IsolationError {
  override readonly name = 'NoMemoryError';
  constructor(complaint: Complaint) {
    super('ENOMEM', complaint);
  }
}

/** `ENOSYS`: isolation is switched off here. */
export class NotSupportedError extends IsolationError {
  override readonly name = 'NotSupportedError';
  constructor(complaint: Complaint) {
    super('ENOSYS', complaint);
  }
}

/** `EPERM`: the policy does not allow it. */
export class NotPermittedError extends IsolationError {
  override readonly name = 'NotPermittedError';
  constructor(complaint: Complaint) {
    super('EPERM', complaint);
  }
}

/** `ERANGE`: beyond what addresses can be here. */
export class OutOfRangeError extends IsolationError {
  override readonly name = 'OutOfRangeError';
  constructor(complaint: Complaint) {
    super('ERANGE', complaint);
  }
}
