/**
 * @module One privileged operation of a plan, as data.
 */
import type { Program } from '../kernel-files/kernel-files.ts';

/**
 * On the way out: `count`, `override`, `load`, `unbind`, `probe`. On the way home: `unbind`, `clear`, `bind`, `count`,
 * `name`. Nothing of a phase is begun before all of the one before it stands.
 */
type Phase = 'count' | 'override' | 'load' | 'unbind' | 'probe' | 'clear' | 'bind' | 'name';

interface Common {
  readonly phase: Phase;
  readonly device: string;
  /** A clause: "reserves 0000:01:00.0 for vfio-pci". */
  readonly why: string;
  /** What is to be seen of the device afterwards; only what is named is looked at. */
  readonly expects: Expectation;
}

export interface Expectation {
  readonly driver?: string | null;
  readonly override?: string | null;
  readonly virtualFunctions?: number;
}

/** `file` is below the machine's root. */
export interface WriteStep extends Common {
  readonly kind: 'write';
  readonly file: string;
  readonly text: string;
}

export interface RunStep extends Common {
  readonly kind: 'run';
  readonly program: Program;
  readonly args: readonly string[];
}

export type Step = WriteStep | RunStep;
