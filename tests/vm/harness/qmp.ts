/**
 * @module QEMU's machine protocol: one JSON object a line, over a socket of this system.
 */
import { connectLines } from './lines.ts';

export interface Monitor {
  /** The answer's `return`. Rejects with QEMU's words. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Resolves with the next event of this name. */
  event(name: string): Promise<Readonly<Record<string, unknown>>>;
}

interface Message {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** @param path socket that QEMU listens on */
export async function connectMonitor(path: string): Promise<Monitor> {
  const answers = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, ((data: Readonly<Record<string, unknown>>) => void)[]>();
  const send = connectLines(path, (line) => {
    const message = JSON.parse(line) as Message;
    if (message.id !== undefined) answers.get(message.id)?.(message);
    if (message.event === undefined) return;
    for (const listener of listeners.get(message.event) ?? []) listener(message.data ?? {});
    listeners.delete(message.event);
  });
  let last = 0;
  const execute: Monitor['execute'] = (command, args = {}) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      answers.set(id, ({ error, return: value }) => {
        answers.delete(id);
        if (error === undefined) resolve(value);
        else reject(new Error(`QEMU refuses ${command}: ${error.desc}`));
      });
      send(JSON.stringify({ execute: command, arguments: args, id }));
    });
  await execute('qmp_capabilities');
  return {
    execute,
    event: (name) =>
      new Promise((resolve) => {
        listeners.set(name, [...(listeners.get(name) ?? []), resolve]);
      }),
  };
}
