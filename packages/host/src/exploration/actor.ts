/**
 * @module A command that runs a protocol, as data: what it was told so far decides what it asks next.
 */
import type { ClaimState } from '../claims/claim-state.ts';
import type { WriteOutcome, WriterIdentity } from '../kernel-files/kernel-files.ts';
import type { AnswerTo, Effect, Protocol } from '../transaction/effect.ts';

/** What somebody may call; made anew whenever it is replayed. */
export interface Program {
  readonly name: string;
  start(): Protocol<unknown>;
}

export interface Actor {
  readonly id: number;
  readonly name: string;
  /** `waiting`: it was not called yet, and may never be. `over`: it ended or was killed. */
  readonly status: 'waiting' | 'running' | 'over';
  /** What it asks now; undefined once it is over. */
  readonly pending: Effect | undefined;
  /** Whether it has asked for a record or for a write: before that it has changed nothing. */
  readonly acted: boolean;
  /** The process that does its writes. */
  readonly writer: WriterIdentity;
  /** The claim that it was told is held, once it is over. */
  readonly told: string | undefined;
}

export interface Cast {
  waiting(program: Program, index: number): Actor;
  /**
   * @param key Tells the answer from every other that there may be to the same question.
   * @returns the same object for the same answers
   */
  tell(actor: Actor, answer: unknown, key: number): Actor;
  killed(actor: Actor): Actor;
}

interface Running extends Actor {
  readonly program: Program;
  /** Its protocol, where nobody has taken it further yet. */
  protocol: Protocol<unknown> | undefined;
  /** What it was told last, after all that the one before was told. */
  readonly before: Running | undefined;
  readonly answer: unknown;
  readonly next: Map<number, Actor>;
}

/** @param merged Those who are over are one as far as nobody tells them apart: what they were told does not matter any more, but for a claim. */
export function createCast(merged: boolean): Cast {
  let ids = 0;
  const finished = new Map<string, Actor>();

  const over = (name: string, key: string, told: string | undefined): Actor => {
    const found = finished.get(key);
    if (found !== undefined) return found;
    const writer = { pid: 0, started: '' };
    const actor: Actor = { id: ++ids, name, status: 'over', pending: undefined, acted: true, writer, told };
    finished.set(key, actor);
    return actor;
  };

  const ended = (name: string, result: unknown): Actor => {
    const { kind, claim } = (result ?? {}) as { kind?: string; claim?: ClaimState };
    const told = kind === 'claimed' ? claim?.id : undefined;
    return over(name, merged ? `${told}` : `${name} ended ${JSON.stringify(result, asPlain)}`, told);
  };

  const proceed = (from: Running, protocol: Protocol<unknown>, answer: unknown): Actor => {
    const asked = from.pending as Effect;
    const { done, value } = protocol.next(answer);
    if (done === true) return ended(from.name, value);
    const stuck = asked.kind === 'do' && (answer as WriteOutcome).kind === 'stuck';
    const next: Running = {
      ...from,
      id: ++ids,
      status: 'running',
      pending: value,
      acted: from.acted || asked.kind === 'append' || asked.kind === 'do',
      // A writer that is abandoned is followed by another process.
      writer: stuck ? writerNumber(from.writer.pid + 1) : from.writer,
      protocol,
      before: from,
      answer,
      next: new Map(),
    };
    // What depends on nobody else is answered at once: when it happens makes no difference to anybody.
    if (value.kind === 'writer') return proceed(next, protocol, next.writer);
    if (value.kind === 'users') return proceed(next, protocol, NOBODY);
    return next;
  };

  return {
    waiting(program, index) {
      const protocol = program.start();
      const { done, value } = protocol.next();
      if (done === true) return ended(program.name, value);
      const actor: Running = {
        id: ++ids,
        name: program.name,
        status: 'waiting',
        pending: value,
        acted: false,
        writer: writerNumber(100 * (index + 1)),
        told: undefined,
        program,
        protocol,
        before: undefined,
        answer: undefined,
        next: new Map(),
      };
      return actor;
    },
    tell(actor, answer, key) {
      const from = actor as Running;
      let next = from.next.get(key);
      if (next === undefined) {
        next = proceed(from, protocolAt(from), answer);
        from.next.set(key, next);
      }
      return next;
    },
    killed: ({ name }) => over(name, merged ? 'undefined' : `${name} killed`, undefined),
  };
}

const NOBODY: AnswerTo<Extract<Effect, { kind: 'users' }>> = new Map();

const writerNumber = (pid: number): WriterIdentity => ({ pid, started: `${pid}` });

/** The protocol where this actor is: its own, if nobody was told anything else here before, or one that is run again from its beginning. */
function protocolAt(actor: Running): Protocol<unknown> {
  const { protocol } = actor;
  actor.protocol = undefined;
  if (protocol !== undefined) return protocol;
  const answers: unknown[] = [];
  let first = actor;
  for (; first.before !== undefined; first = first.before) answers.push(first.answer);
  const again = first.program.start();
  again.next();
  for (const answer of answers.reverse()) again.next(answer);
  return again;
}

const asPlain = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
