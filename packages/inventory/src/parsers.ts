/**
 * @module The readers without the file system: a machine from files that are held in memory, and the text of lspci. Runs
 * in a browser.
 */
export { withMissingFiles } from './capture/missing-files.ts';
export { parseLspciText } from './lspci/parse-lspci-text.ts';
export type { NameIndex } from './names/name-index.ts';
export { readText } from './sysfs/attributes.ts';
export { readMachine } from './sysfs/read-machine.ts';
export { encodeText } from './tree/encode-text.ts';
export { isReadFailure, type MachineTree, type ReadFailure, readFailure } from './tree/machine-tree.ts';
export { createMemoryTree, type TreeEntry } from './tree/memory-tree.ts';
