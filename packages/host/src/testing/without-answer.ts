/**
 * @module A patient look at devices that do not answer.
 */
import type { MachineTree, ReadFailure } from '@isogroups/inventory';
import { overrideFile, vfCountFile } from '../kernel-files/device-files.ts';

export function withoutAnswer(tree: MachineTree, devices: readonly string[]): MachineTree {
  const locked = new Set(devices.flatMap((device) => [overrideFile(device), vfCountFile(device)]));
  const failure = (path: string): ReadFailure => ({
    kind: 'failure',
    reason: 'locked',
    message: `${path}: does not answer`,
  });
  return {
    ...tree,
    readBytes: (path, limit) => (locked.has(path) ? failure(path) : tree.readBytes(path, limit)),
  };
}
