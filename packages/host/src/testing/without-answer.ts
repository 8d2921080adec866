/**
 * @module Patient looks at what does not answer.
 */
import type { MachineTree, ReadFailure } from '@isogroups/inventory';
import { overrideFile, vfCountFile } from '../kernel-files/device-files.ts';

/** Devices whose drivers hang. */
export function withoutAnswer(tree: MachineTree, devices: readonly string[]): MachineTree {
  return unanswered(
    tree,
    devices.flatMap((device) => [overrideFile(device), vfCountFile(device)]),
  );
}

/** Files that have to be waited for. */
export function unanswered(tree: MachineTree, paths: readonly string[]): MachineTree {
  const locked = new Set(paths);
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
