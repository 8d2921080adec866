/**
 * @module The states of the kernel that come about, each once, with what its files show and what it may do by itself.
 */
import { objectionsTo } from '../plan/objections.ts';
import { type KernelState, settle, unplug } from '../testing/kernel-state.ts';
import { kernelTree } from '../testing/kernel-tree.ts';
import type { AnswerTo, Effect } from '../transaction/effect.ts';
import { bindingNow, groupMembers, observe } from '../transaction/observation.ts';
import { createTexts } from './numbering.ts';

export interface Kernel {
  readonly id: number;
  readonly state: KernelState;
  /** Writes that hang return, with their effect or without. */
  readonly returns: readonly Change[];
  readonly unplugs: readonly Change[];
  /** Read with the code that reads real ones: there are few kernels and many situations. */
  look(effect: Look): Seen;
}

interface Change {
  readonly says: string;
  readonly after: Kernel;
}

export type Look = Extract<Effect, { kind: 'observe' | 'binding' | 'company' | 'objections' | 'linger' }>;

interface Seen {
  readonly answer: AnswerTo<Look>;
  /** Equal for answers that are. */
  readonly number: number;
}

export interface Kernels {
  /** The same object for states that are equal. */
  of(state: KernelState): Kernel;
}

export function createKernels(): Kernels {
  const kernels = new Map<string, Kernel>();
  const answers = createTexts();
  const of = (state: KernelState): Kernel => {
    const key = JSON.stringify(state);
    let kernel = kernels.get(key);
    if (kernel === undefined) {
      kernel = createKernel(kernels.size + 1, state, of, answers);
      kernels.set(key, kernel);
    }
    return kernel;
  };
  return { of };
}

function createKernel(
  id: number,
  state: KernelState,
  of: (state: KernelState) => Kernel,
  numberOf: (answer: string) => number,
): Kernel {
  const answerTo = createEyes(state);
  const seen = new Map<unknown, Seen>();
  let returns: readonly Change[] | undefined;
  let unplugs: readonly Change[] | undefined;
  return {
    id,
    state,
    get returns() {
      returns ??= state.hung.flatMap((hung) => [
        { says: `returns: ${hung.step.why}`, after: of(settle(state, hung, true)) },
        { says: `returns without effect: ${hung.step.why}`, after: of(settle(state, hung, false)) },
      ]);
      return returns;
    },
    get unplugs() {
      unplugs ??= state.devices
        .filter((d) => d.present)
        .map(({ address }) => ({ says: `${address} is pulled out`, after: of(unplug(state, address)) }));
      return unplugs;
    },
    look(effect) {
      // Plans are long, and there are only a few of them.
      const question = effect.kind === 'objections' ? effect.plan : JSON.stringify(effect);
      let found = seen.get(question);
      if (found === undefined) {
        const answer = answerTo(effect);
        found = { answer, number: numberOf(JSON.stringify(answer, asEntries) ?? '') };
        seen.set(question, found);
      }
      return found;
    },
  };
}

const asEntries = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);

function createEyes(state: KernelState): (effect: Look) => AnswerTo<Look> {
  let tree: ReturnType<typeof kernelTree> | undefined;
  return (effect) => {
    tree ??= kernelTree(state);
    switch (effect.kind) {
      case 'observe':
        return observe(tree, effect.devices);
      case 'binding':
        return bindingNow(tree, effect.device, effect.fields);
      case 'company': {
        const machine = tree;
        return effect.groups.flatMap((group) => groupMembers(machine, group));
      }
      case 'objections':
        return objectionsTo(effect.plan, tree);
      case 'linger':
        return state.hung.some((h) => h.writer === effect.writer.pid);
    }
  };
}
