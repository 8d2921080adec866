/**
 * @module All scenarios, in the order in which they run.
 */
import type { Scenario } from '../harness/scenario.ts';
import { CRASH_MATRIX } from './crash-matrix.ts';
import { GUARD } from './guard.ts';
import { HANDOVER } from './handover.ts';
import { HOT_PLUG } from './hot-plug.ts';
import { KERNEL_FILES } from './kernel-files.ts';
import { KERNEL_GROUPS } from './kernel-groups.ts';
import { RIVALS } from './rivals.ts';
import { SPEED } from './speed.ts';
import { VIRTUAL_FUNCTION_SCENARIOS } from './virtual-functions.ts';
import { WAITING } from './waiting.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...KERNEL_GROUPS,
  ...KERNEL_FILES,
  ...HANDOVER,
  ...VIRTUAL_FUNCTION_SCENARIOS,
  ...GUARD,
  ...HOT_PLUG,
  ...WAITING,
  ...RIVALS,
  ...SPEED,
  ...CRASH_MATRIX,
];
