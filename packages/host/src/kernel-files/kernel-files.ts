/**
 * @module The port to the kernel's files: looking is free but where it waits for a driver, every write goes through here with a
 * deadline.
 */
import type { MachineTree } from '@isogroups/inventory';

/** How a privileged operation ended. `stuck`: it has not returned within its deadline and is still inside the kernel. */
export type WriteOutcome =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'errno';
      /** `EBUSY`, or `EXIT` for a program that ended with a status. */
      readonly errno: string;
      /** The kernel's own words: "resource busy or locked". */
      readonly says: string;
    }
  | { readonly kind: 'stuck'; readonly writer: WriterIdentity; readonly deadlineMs: number };

/** A process that is never confused with a later one of the same number. */
export interface WriterIdentity {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/<pid>/stat. */
  readonly started: string;
}

/** Programs that do what no write to a file can. */
export type Program = 'modprobe' | 'ip';

export interface KernelFiles {
  /** The files as they are from now on: nothing is remembered from an earlier look. */
  look(): MachineTree;
  /** For a few files that are read again and again: nothing is remembered from one call to the next. `sys` and `proc` only. */
  glance(): MachineTree;
  /**
   * The same, for who has to answer whatever a driver does: `driver_override` and `sriov_numvfs` of these devices, and the
   * mappings of processes that wait in the kernel, are read now by a process of its own. A failure `locked` where that does
   * not answer.
   */
  lookPatiently(devices: readonly string[]): Promise<MachineTree>;
  /**
   * Writes `text` at once to a file that is there; never creates one. Resolves within about `deadlineMs`, whatever the
   * kernel does.
   *
   * @param path Below the root, as in `MachineTree`: `sys/bus/pci/drivers_probe`.
   */
  write(path: string, text: string, deadlineMs: number): Promise<WriteOutcome>;
  run(program: Program, args: readonly string[], deadlineMs: number): Promise<WriteOutcome>;
  /** The process that does the writes now: it is journalled before they begin. */
  writer(): Promise<WriterIdentity>;
  /** Whether that process is still there, for instance inside a write that does not return. */
  isAlive(writer: WriterIdentity): boolean;
  /** Lets helpers go. What is stuck is abandoned, not waited for. */
  close(): void;
}
