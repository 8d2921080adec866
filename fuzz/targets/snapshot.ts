/** @module Snapshot archives, all the way to groups. */
import { readMachine } from '../../packages/inventory/src/sysfs/read-machine.ts';
import { smallMachine } from '../../packages/inventory/src/testing/small-machine.ts';
import { createArchiveTree } from '../../packages/inventory/src/tree/archive-tree.ts';
import { checkMachine } from '../analysis-invariants.ts';
import { checkDiagnostics } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';
import { repairChecksum, tarBytes } from './tar-bytes.ts';

const BLOCK = 512;
const label = 'machine.tar';

/** Few functions and no extended configuration space: the smaller the seed, the more of it a mutation hits. */
function seeds(): readonly Uint8Array[] {
  const small = smallMachine({}, ['sys/devices/pci0000:00/0000:00:0e.0', 'sys/bus/pci/devices/10000']);
  return [tarBytes(small), tarBytes({ 'sys/../../etc/passwd': 'x', '/absolute': 'y', 'sys/bus': { link: '/' } })];
}

export const snapshot: FuzzTarget = {
  name: 'snapshot',
  seeds,
  longest: 64 * 1024,
  repair(bytes) {
    for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
      if (String.fromCharCode(...bytes.subarray(at + 257, at + 262)) === 'ustar') repairChecksum(bytes, at);
    }
  },
  run(bytes) {
    const { tree, diagnostics } = createArchiveTree(bytes, label);
    checkDiagnostics(diagnostics, label, bytes.length);
    checkMachine(readMachine(tree, { kind: 'snapshot', label }, { earlier: diagnostics }));
  },
};
