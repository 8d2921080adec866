/**
 * @module The tests' side of the line protocol that guest/agent speaks.
 */
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AgentChannel {
  /** Resolves once the agent has said that it is there. */
  readonly ready: Promise<void>;
  /** Runs a shell script in the guest to its end. Scripts may run side by side. */
  run(script: string): Promise<Outcome>;
}

/** @param path socket behind the port of virtio that guest/agent opens */
export function connectAgent(path: string): AgentChannel {
  const socket = createConnection(path);
  socket.on('error', () => {});
  const answers = new Map<string, (outcome: Outcome) => void>();
  let last = 0;
  const ready = new Promise<void>((resolve) => {
    createInterface(socket).on('line', (line) => {
      const [number = '', code, stdout, stderr] = line.trim().split(' ');
      if (number === 'ready') resolve();
      answers.get(number)?.({ code: Number(code), stdout: decoded(stdout), stderr: decoded(stderr) });
      answers.delete(number);
    });
  });
  return {
    ready,
    run: (script) =>
      new Promise((resolve) => {
        const number = String(++last);
        answers.set(number, resolve);
        socket.write(`${number} ${Buffer.from(script).toString('base64')}\n`);
      }),
  };
}

function decoded(word = '-'): string {
  return word === '-' ? '' : Buffer.from(word, 'base64').toString('utf8');
}
