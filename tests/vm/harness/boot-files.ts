/**
 * @module Emulators, kernels and first file systems, each made when a machine first needs it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newerEmulator } from '../../../scripts/guest/emulators.mjs';
import { kernel } from '../../../scripts/guest/kernels.mjs';
import { extraArchive, moduleArchive, systemArchive } from './first-file-system.ts';
import type { GuestMachine, KernelSeries } from './machine.ts';

export interface BootFiles {
  /** The program, and arguments that belong to it. */
  readonly emulator: readonly string[];
  /** Path of the kernel. */
  readonly image: string;
  /** Path of the first file system. */
  readonly initramfs: string;
}

/**
 * @param scratch directory for what is made
 * @param cache directory for downloads, kept
 */
export function bootFiles(scratch: string, cache: string): (series: KernelSeries, machine: GuestMachine) => BootFiles {
  const made = new Map<string, string>();
  const once = (name: string, make: () => string): string => {
    const path = made.get(name) ?? make();
    made.set(name, path);
    return path;
  };
  return (series, { extras = [], emulator }) => {
    const linux = kernel(cache, series, 'amd64');
    const parts = [
      once('system', () => systemArchive(scratch, cache)),
      once(`modules-${linux.release}`, () => moduleArchive(scratch, linux)),
      ...extras.map((extra) => once(extra, () => extraArchive(scratch, cache, extra))),
    ];
    const name = ['initramfs', linux.release, ...extras].join('-');
    const initramfs = once(name, () => {
      const whole = join(scratch, name);
      writeFileSync(whole, Buffer.concat(parts.map((part) => readFileSync(part))));
      return whole;
    });
    const program = emulator === undefined ? ['qemu-system-x86_64'] : newerEmulator(cache);
    return { emulator: program, image: linux.image, initramfs };
  };
}
