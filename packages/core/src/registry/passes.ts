/**
 * @module Passes over records that must come by each of them once. A pass is a number that is written into the records.
 */
import type { DeviceRecord } from './records.ts';

let last = 0;

/** A pass that has come by nobody yet. Passes do not nest: the later one would hide the earlier. */
export function newPass(): number {
  return ++last;
}

/** True the first time. */
export function comesBy(pass: number, record: DeviceRecord): boolean {
  if (record.pass === pass) return false;
  record.pass = pass;
  return true;
}
