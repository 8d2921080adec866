/**
 * @module What is seen of a device that is not as a step should have left it.
 */
import type { Expectation } from '../plan/step.ts';
import type { Binding } from './observation.ts';

/** @param now What was asked of the device; undefined: there is no such device. */
export function unmet(expects: Expectation, now: Partial<Binding> | undefined): string | undefined {
  if (now === undefined) return 'the device is gone';
  if (expects.driver !== undefined && expects.driver !== now.driver) {
    return `it has ${now.driver ?? 'no driver'} afterwards and not ${expects.driver ?? 'no driver'}`;
  }
  if (expects.override !== undefined && expects.override !== now.override) {
    return `driver_override reads ${now.override ?? 'as empty'} afterwards`;
  }
  if (expects.virtualFunctions !== undefined && expects.virtualFunctions !== now.virtualFunctions) {
    return `${now.virtualFunctions ?? 'no'} virtual functions are on afterwards`;
  }
  return undefined;
}
