/**
 * @module Reads a machine from any source behind one port. Strictly read-only, apart from the snapshot that is asked for.
 */
export { type CaptureOptions, captureMachine } from './capture/capture-machine.ts';
export type { Capture } from './capture/collection.ts';
export { packSnapshot } from './capture/pack-snapshot.ts';
export { CannotWriteSnapshot, writeSnapshot } from './capture/write-snapshot.ts';
export { parseLspciText } from './lspci/parse-lspci-text.ts';
export { loadNames } from './names/load-names.ts';
export type { NameIndex } from './names/name-index.ts';
export { CannotReadMachine } from './open/cannot-read-machine.ts';
export { type OpenedMachine, type OpenOptions, openMachine, openWithFiles } from './open/open-machine.ts';
export { readText } from './sysfs/attributes.ts';
export { joinLink } from './sysfs/device-path.ts';
export { readMachine } from './sysfs/read-machine.ts';
export { createDirectoryTree, resolveBelow } from './tree/directory-tree.ts';
export { createGlanceTree } from './tree/glance-tree.ts';
export { createLiveTree } from './tree/live-tree.ts';
export { isReadFailure, type MachineTree, type ReadFailure } from './tree/machine-tree.ts';
export { createMemoryTree, type TreeEntry } from './tree/memory-tree.ts';
export { patientTree } from './tree/patient-tree.ts';
