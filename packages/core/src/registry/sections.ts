/**
 * @module One change at a time. A change runs to its end before anybody hears of it; calls that come in from inside are
 * refused, and what the machine tells meanwhile waits.
 */
import { BusyError } from '../errors.ts';
import { guard, type Outbox } from './outbox.ts';

export interface Sections {
  /**
   * Runs a change; afterwards, and also after it threw, events go out.
   * @throws BusyError from inside another change
   */
  change<T>(what: string, act: () => T): T;
  /** Something that happened to the machine: nobody can refuse it, so from inside a change it waits for its end. */
  happened(what: string, act: () => void): void;
  /** Runs a part of a change in which providers are asked: they may use `duringQuestion`. */
  question<T>(ask: () => T): T;
  /** As `change`, but also allowed from inside a question; then the change that asks completes it. */
  changeOrAnswer<T>(what: string, alone: () => T, asAnswer: () => T): T;
  readonly changing: boolean;
}

export function createSections(outbox: Outbox): Sections {
  let running: string | undefined;
  let asking = false;
  const happenings: { readonly what: string; readonly act: () => void }[] = [];

  const run = <T>(what: string, act: () => T): T => {
    running = what;
    try {
      return act();
    } finally {
      running = undefined;
    }
  };
  const finish = (): void => {
    for (let next = happenings.shift(); next !== undefined; next = happenings.shift()) {
      const { what, act } = next;
      guard(outbox, what, 'machine', () => run(what, act));
    }
    outbox.deliver();
  };
  const sections: Sections = {
    change(what, act) {
      if (running !== undefined) throw busy(running);
      try {
        return run(what, act);
      } finally {
        finish();
      }
    },
    happened(what, act) {
      if (running !== undefined) happenings.push({ what, act });
      else sections.change(what, act);
    },
    question(ask) {
      const before = asking;
      asking = true;
      try {
        return ask();
      } finally {
        asking = before;
      }
    },
    changeOrAnswer: (what, alone, asAnswer) => (asking ? asAnswer() : sections.change(what, alone)),
    get changing() {
      return running !== undefined;
    },
  };
  return sections;
}

function busy(running: string): BusyError {
  return new BusyError({
    says: `the registry is in the middle of ${running}`,
    next: 'call when that is over: from an event, or from a callback of a manager',
    operands: { running },
  });
}
