/**
 * @module The tests' side of the line protocol that guest/agent speaks.
 */
import { connectLines } from './lines.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AgentChannel {
  /** Runs a shell script in the guest to its end, once there is an agent. Scripts may run side by side. */
  run(script: string): Promise<Outcome>;
}

/** @param path socket behind the port of virtio that guest/agent opens */
export function connectAgent(path: string): AgentChannel {
  const answers = new Map<string, (outcome: Outcome) => void>();
  let last = 0;
  const send = connectLines(path, (line) => {
    const [number = '', code, stdout, stderr] = line.trim().split(' ');
    answers.get(number)?.({ code: Number(code), stdout: decoded(stdout), stderr: decoded(stderr) });
    answers.delete(number);
  });
  return {
    run: (script) =>
      new Promise((resolve) => {
        const number = String(++last);
        answers.set(number, resolve);
        send(`${number} ${Buffer.from(script).toString('base64')}`);
      }),
  };
}

function decoded(word = '-'): string {
  return word === '-' ? '' : Buffer.from(word, 'base64').toString('utf8');
}
