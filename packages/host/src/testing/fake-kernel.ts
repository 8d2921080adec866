/**
 * @module A kernel that reacts to writes as the real one does, and fails when it is told to.
 */
import type { KernelFiles, Program, WriteOutcome, WriterIdentity } from '../kernel-files/kernel-files.ts';
import type { RunStep, Step, WriteStep } from '../plan/step.ts';
import { errno, isHeld, type KernelState, performStep, settle, unplug } from './kernel-state.ts';
import { kernelTree } from './kernel-tree.ts';
import { withoutAnswer } from './without-answer.ts';

/** What goes wrong with one operation. */
type Fault =
  | { readonly kind: 'refuse'; readonly errno: string }
  /** It does not return, until it is let go. */
  | { readonly kind: 'hang' }
  /** The device is pulled out just before. */
  | { readonly kind: 'unplug'; readonly device: string };

export interface FakeKernel extends KernelFiles {
  readonly state: KernelState;
  /** Privileged operations so far. */
  readonly operations: number;
  /** Asked before each, with its number from 0. */
  faults: (operation: number, step: Step) => Fault | undefined;
  set(state: KernelState): void;
  /** All that hangs returns. */
  letGo(takesEffect: boolean): void;
}

export function createFakeKernel(initial: KernelState): FakeKernel {
  let state = initial;
  let operations = 0;
  let writer = 1;
  let seen = { state, tree: kernelTree(state) };
  const perform = (step: Step, deadlineMs: number): Promise<WriteOutcome> => {
    const fault = kernel.faults(operations++, step);
    if (fault?.kind === 'refuse') return Promise.resolve(errno(fault.errno, 'refused on purpose'));
    if (fault?.kind === 'hang' || isHeld(state, step)) {
      state = { ...state, hung: [...state.hung, { writer, step }] };
      return Promise.resolve({ kind: 'stuck', writer: identity(writer++), deadlineMs });
    }
    if (fault?.kind === 'unplug') state = unplug(state, fault.device);
    const written = performStep(state, step);
    state = written.state;
    return Promise.resolve(written.outcome);
  };
  const kernel: FakeKernel = {
    get state() {
      return state;
    },
    get operations() {
      return operations;
    },
    faults: () => undefined,
    set(to) {
      state = to;
    },
    letGo(takesEffect) {
      for (const hung of state.hung) state = settle(state, hung, takesEffect);
    },
    look() {
      if (seen.state !== state) seen = { state, tree: kernelTree(state) };
      return seen.tree;
    },
    glance: () => kernel.look(),
    lookPatiently(devices) {
      // What hangs holds the lock of its device.
      const held = state.hung.map(({ step }) => step.device).filter((device) => devices.includes(device));
      return Promise.resolve(withoutAnswer(kernel.look(), held));
    },
    write: (file: string, text: string, deadlineMs: number) => perform(asWrite(file, text), deadlineMs),
    run: (program: Program, args: readonly string[], deadlineMs: number) => perform(asRun(program, args), deadlineMs),
    writer: () => Promise.resolve(identity(writer)),
    isAlive: ({ pid }: WriterIdentity) => state.hung.some((h) => h.writer === pid),
    close() {},
  };
  return kernel;
}

const identity = (writer: number): WriterIdentity => ({ pid: writer, started: `${writer}` });

/** The port knows files and texts; which device a write is about is in one of them. */
function asWrite(file: string, text: string): WriteStep {
  const device = /^sys\/bus\/pci\/devices\/([^/]+)\//.exec(file)?.[1] ?? text;
  return { kind: 'write', phase: 'override', device, file, text, why: '', expects: {} };
}

function asRun(program: Program, args: readonly string[]): RunStep {
  return { kind: 'run', phase: 'load', device: '', program, args, why: '', expects: {} };
}
