/**
 * @module A command that runs a protocol, as data: what it was told so far decides what it asks next.
 */
import type { Effect, Protocol } from '../transaction/effect.ts';
import { digest } from './digest.ts';

/** What somebody may call; made anew whenever it is replayed. */
export interface Program {
  readonly name: string;
  start(): Protocol<unknown>;
}

export interface Actor {
  readonly program: Program;
  readonly status: 'running' | 'ended' | 'killed';
  /** Answers so far: with the program they are all of its memory. */
  readonly trace: readonly unknown[];
  readonly key: string;
  /** What it asks now; undefined once it is not running. */
  readonly pending: Effect | undefined;
  readonly result: unknown;
  /** Goes up when a writer is abandoned: the next one is another process. */
  readonly writer: number;
}

export function startActor(program: Program, index: number): Actor {
  return proceed({
    program,
    status: 'running',
    trace: [],
    key: program.name,
    pending: undefined,
    result: undefined,
    writer: 100 * (index + 1),
  });
}

/**
 * Generators cannot be copied, so the protocol is run again from its beginning.
 *
 * @param answerKey Tells the answer from every other that there may be to the same question.
 */
export function tell(actor: Actor, answer: unknown, answerKey: string): Actor {
  return proceed({ ...actor, trace: [...actor.trace, answer], key: digest(actor.key, answerKey) });
}

export const kill = (actor: Actor): Actor => ({
  ...actor,
  status: 'killed',
  pending: undefined,
  key: `${actor.program.name} killed`,
  trace: [],
});

function proceed(actor: Actor): Actor {
  const protocol = actor.program.start();
  let next = protocol.next();
  for (const answer of actor.trace) next = protocol.next(answer);
  if (next.done !== true) return { ...actor, pending: next.value };
  // What it was told does not matter any more.
  const key = `${actor.program.name} ended ${JSON.stringify(next.value, asPlain)}`;
  return { ...actor, status: 'ended', pending: undefined, result: next.value, trace: [], key };
}

const asPlain = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
