/**
 * @module All scenarios, in the order in which they run.
 */
import type { Scenario } from '../harness/scenario.ts';
import { CRASH_MATRIX } from './crash-matrix.ts';
import { GUARD } from './guard.ts';
import { HANDOVER } from './handover.ts';
import { KERNEL_GROUPS } from './kernel-groups.ts';

export const SCENARIOS: readonly Scenario[] = [...KERNEL_GROUPS, ...HANDOVER, ...GUARD, ...CRASH_MATRIX];
