/**
 * @module What a machine of the tests is, as data.
 */

/** Kernels that every machine boots with, unless a scenario names its own. */
export type KernelSeries = '6.1' | '6.12';

/** Programs that only some guests need, appended to the first file system. */
export type Extra = 'disks' | 'dpdk';

export interface GuestMachine {
  readonly name: string;
  /** Arguments of QEMU, option and value separated by a blank. */
  readonly qemu: readonly string[];
  readonly cmdline: string;
  /** Kernel modules that are loaded before anything else, in this order. */
  readonly modules: readonly string[];
  /** The guest runs from a disk that it makes itself (guest/root-on-*). */
  readonly root?: 'nvme' | 'lvm';
  readonly extras?: readonly Extra[];
  /** The installed QEMU when absent; `newer` where it lacks a device. */
  readonly emulator?: 'newer';
  /**
   * The guest's clock counts its instructions, one a nanosecond, and jumps over idle time: what is measured in it does not depend on
   * what else the host does.
   */
  readonly steadyClock?: boolean;
}
