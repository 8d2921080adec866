/**
 * @module Reads files in a process of its own, which is left behind in one that does not answer.
 */
import { spawn } from 'node:child_process';

/** The content of a file, or why there is none. */
export type Answer = string | { readonly reason: 'locked' | 'io' };

/** Short enough for the arguments of a program. */
const MOST_AT_ONCE = 1000;

/**
 * In the order of `files`. One of which nothing comes for `patienceMs` is `locked`, and costs that time; the others are read
 * by a process that comes after. Resolves whatever the kernel does.
 */
export async function readPatiently(files: readonly string[], patienceMs: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < files.length) {
    const next = files.slice(answers.length, answers.length + MOST_AT_ONCE);
    const { contents, stalled } = await contentsOf(next, patienceMs);
    answers.push(...contents);
    if (stalled) answers.push({ reason: 'locked' });
    else answers.push(...next.slice(contents.length).map(() => ({ reason: 'io' }) as const));
  }
  return answers;
}

/** For each file its lines as they come, then `=` or, where it could not be opened, `!`; and a zero byte. Forks for none. */
const SCRIPT = String.raw`
for file do
  if { while IFS= read -r line; do printf '%s\n' "$line"; done; } 2> /dev/null < "$file"
  then printf '=\0'
  else printf '!\0'
  fi
done 2> /dev/null`;

/** @returns what came before nothing came for so long (`stalled`), or before the end. */
function contentsOf(
  files: readonly string[],
  patienceMs: number,
): Promise<{ readonly contents: readonly Answer[]; readonly stalled: boolean }> {
  return new Promise((resolve) => {
    const reader = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...files], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let text = '';
    const end = (stalled: boolean): void => {
      clearTimeout(timer);
      reader.stdout.destroy();
      // What is behind the last zero byte has not come whole.
      const contents = text.split('\0').slice(0, -1).map(answerOf);
      resolve({ contents, stalled });
    };
    const leave = (): void => {
      // It dies when the kernel lets it go, and reads nothing more then.
      reader.kill('SIGKILL');
      end(true);
    };
    const timer = setTimeout(leave, patienceMs);
    reader.unref();
    reader.on('error', () => end(false));
    reader.stdout.setEncoding('utf8');
    reader.stdout.on('data', (chunk: string) => {
      text += chunk;
      timer.refresh();
    });
    reader.stdout.on('end', () => end(false));
  });
}

const answerOf = (text: string): Answer => (text.endsWith('=') ? text.slice(0, -1) : { reason: 'io' });
