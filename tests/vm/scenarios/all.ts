/**
 * @module All scenarios, in the order in which they run.
 */
import type { Scenario } from '../harness/scenario.ts';
import { KERNEL_GROUPS } from './kernel-groups.ts';

export const SCENARIOS: readonly Scenario[] = [...KERNEL_GROUPS];
