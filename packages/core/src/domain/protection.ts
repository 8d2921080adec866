/**
 * @module What a mapping allows, and what a device wants to do.
 */

/** Read, write, execute. There is no mapping that allows nothing: that is no mapping. */
export type Protection = 'r' | 'w' | 'x' | 'rw' | 'rx' | 'wx' | 'rwx';

export type Access = 'read' | 'write' | 'execute';

/** By bits: 1 read, 2 write, 4 execute. */
const PROTECTIONS: readonly (Protection | undefined)[] = [undefined, 'r', 'w', 'rw', 'x', 'rx', 'wx', 'rwx'];

/** 0 for what is no protection. */
export function protectionBits(protection: Protection): number {
  switch (protection) {
    case 'rw':
      return 3;
    case 'r':
      return 1;
    case 'w':
      return 2;
    case 'rwx':
      return 7;
    case 'rx':
      return 5;
    case 'x':
      return 4;
    case 'wx':
      return 6;
    default:
      return 0;
  }
}

export function protectionOf(bits: number): Protection {
  return PROTECTIONS[bits] as Protection;
}

/** Whether a mapping with this protection lets the access through. */
export function allows(protection: Protection, access: Access): boolean {
  const bit = access === 'read' ? 1 : access === 'write' ? 2 : 4;
  return (protectionBits(protection) & bit) !== 0;
}
