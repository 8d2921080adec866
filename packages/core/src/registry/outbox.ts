/**
 * @module Events and callbacks on their way out. They are posted while something changes and delivered, in order, when the
 * registry is consistent again. What throws is reported as an event, and nothing else suffers from it.
 */
import type { RegistryEvent, RegistryListener } from './events.ts';

export interface Outbox {
  post(event: RegistryEvent): void;
  /** Somebody's callback, to be called in its turn. */
  call(callback: string, of: string, act: () => void): void;
  /** Delivers all that is waiting, also what deliveries add. From inside a delivery it returns at once. */
  deliver(): void;
  subscribe(listener: RegistryListener): () => void;
}

export function createOutbox(): Outbox {
  const listeners = new Set<{ readonly hear: RegistryListener }>();
  const waiting: (() => void)[] = [];
  let delivering = false;

  const tell = (event: RegistryEvent): void => {
    for (const listener of [...listeners]) {
      try {
        listener.hear(event);
      } catch (error) {
        // A listener that fails at the report of a failure would be told for ever.
        if (event.kind !== 'callback-failed') outbox.post(failure('listener', event.kind, error));
      }
    }
  };
  const outbox: Outbox = {
    post(event) {
      Object.freeze(event);
      waiting.push(() => tell(event));
    },
    call(callback, of, act) {
      waiting.push(() => guard(outbox, callback, of, act));
    },
    deliver() {
      if (delivering) return;
      delivering = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next();
      } finally {
        delivering = false;
      }
    },
    subscribe(hear) {
      const listener = { hear };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
  return outbox;
}

/** Calls somebody's code at once. @returns what it returned; undefined after it threw, which is reported. */
export function guard<T>(outbox: Outbox, callback: string, of: string, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    outbox.post(failure(callback, of, error));
    return undefined;
  }
}

function failure(callback: string, of: string, error: unknown): RegistryEvent {
  return { kind: 'callback-failed', callback, of, error };
}
