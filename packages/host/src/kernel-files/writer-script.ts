/**
 * @module The program of the child process that writes into the kernel's files, as text.
 *
 * It is given to `node --eval`, so it needs no file of its own beside a bundled command. One request a line on standard
 * input, one answer a line on standard output; a write that hangs holds up this process and nobody else. When the parent
 * is gone standard input ends, and so does this.
 */
export const WRITER_SCRIPT: string = `
const fs = require('node:fs');
const { spawnSync } = require('node:child_process');
const answer = (outcome) => fs.writeSync(1, JSON.stringify(outcome) + '\\n');
const failure = (error) => ({
  kind: 'errno',
  errno: error.code ?? 'unknown',
  says: /^[A-Z0-9_]+: (.*?)(?:, [a-z]+(?: '.*')?)?$/.exec(error.message)?.[1] ?? error.message,
});
const write = (file, text) => {
  const fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NOFOLLOW);
  try {
    fs.writeSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
  return { kind: 'ok' };
};
const run = (program, args) => {
  const ran = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  if (ran.error) return failure(ran.error);
  return ran.status === 0 ? { kind: 'ok' } : { kind: 'errno', errno: 'EXIT', says: ran.stderr.trim() || 'status ' + ran.status };
};
const perform = (request) => {
  try {
    return request.program === undefined ? write(request.file, request.text) : run(request.program, request.args);
  } catch (error) {
    return failure(error);
  }
};
const started = fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[19];
answer({ pid: process.pid, started });
const chunk = Buffer.alloc(65536);
let text = '';
for (;;) {
  const length = fs.readSync(0, chunk);
  if (length === 0) break;
  text += chunk.toString('utf8', 0, length);
  const lines = text.split('\\n');
  text = lines.pop();
  for (const line of lines) answer(perform(JSON.parse(line)));
}
`;
