/**
 * @module Something that stands in the way of handing a device over, who refuses because of it, and what would help.
 */
import type { InterferenceKind } from '@isogroups/core';
import type { Step } from './steps.ts';

export interface Hindrance {
  readonly kind: 'driver' | 'is-bridge' | 'no-kernel-group' | 'direct-region' | InterferenceKind;
  /** `kernel`: VFIO refuses. `policy`: the operator's policy does. */
  readonly refusedBy: readonly ('kernel' | 'policy')[];
  /** False where a fact is missing that decides it. */
  readonly certain: boolean;
  /** The device in the way, where it is one. */
  readonly device?: string;
  readonly driver?: string;
  /** A sentence without a full stop. */
  readonly text: string;
  /** What would decide it, where it is not certain. */
  readonly decidedBy?: string;
  /** What would take it out of the way; drivers are dealt with together, see `bindingSteps`. */
  readonly steps: readonly Step[];
  /** The option that accepts it as a risk instead: `--accept interrupts`. Only where the kernel goes along. */
  readonly acceptedBy?: string;
}
