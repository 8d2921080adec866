// Ends a command as `kill -9` would, at a chosen moment: node --require /kill-at.cjs isogroups.cjs …
//
// Moments are counted: the start; in the middle of each line of the journal, and after it, which is also before whatever
// comes next; when a request is on its way to the process that writes, and when that has answered. KILL_AT is the number
// of one of them (0: none). Each is named in the file KILL_TRACE.
const fs = require('node:fs');
const childProcess = require('node:child_process');

const { writeSync } = fs;
const { spawn } = childProcess;
const last = Number(process.env.KILL_AT);
const trace = fs.openSync(process.env.KILL_TRACE, 'w');
let passed = 0;

/** @returns whether this is the one: then `end` has to be called. */
function isLast(name) {
  passed += 1;
  writeSync(trace, `${name}\n`);
  return passed === last;
}
const end = () => process.kill(process.pid, 'SIGKILL');
const moment = (name) => {
  if (isLast(name)) end();
};

const isJournal = (fd) => fs.readlinkSync(`/proc/self/fd/${fd}`).endsWith('/journal');

fs.writeSync = (fd, data, ...rest) => {
  if (!isJournal(fd)) return writeSync(fd, data, ...rest);
  const record = /^{"kind":"([a-z]+)"/.exec(String(data))?.[1] ?? 'line';
  if (isLast(`amid "${record}"`)) {
    writeSync(fd, Buffer.from(data).subarray(0, data.length >> 1));
    end();
  }
  const written = writeSync(fd, data, ...rest);
  moment(`after "${record}"`);
  return written;
};

childProcess.spawn = (...args) => {
  const child = spawn(...args);
  // One that only reads is asked for nothing.
  if (child.stdin === null) return child;
  const write = child.stdin.write.bind(child.stdin);
  let asked;
  child.stdin.write = (line, ...rest) => {
    const { file, program, args: words } = JSON.parse(line);
    const request = file ?? [program, ...words].join(' ');
    const result = write(line, ...rest);
    moment(`with ${request} on its way`);
    asked = request;
    return result;
  };
  child.stdout.prependListener('data', () => {
    if (asked !== undefined) moment(`after ${asked}`);
    asked = undefined;
  });
  return child;
};

moment('at the start');
