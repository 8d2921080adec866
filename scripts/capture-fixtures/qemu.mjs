/**
 * @module Boots one machine under QEMU (software emulation) and returns what its guest sent.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editConfigSpaces } from './config-space.mjs';

/**
 * @param {{ program: string, args: string[], edits: import('./machines.mjs').Edit[], scratch: string, seconds: number }} machine
 * @returns {Promise<Buffer>} the guest's snapshot, a gzipped tar
 */
export async function boot({ program, args, edits, scratch, seconds }) {
  const serial = join(scratch, 'serial.txt');
  // Stopped at first (-S): the devices exist, and no firmware has looked at them yet.
  const fixed = ['-S', '-nodefaults', '-no-reboot', ...['-display', 'none']];
  const channels = ['-serial', `file:${serial}`, '-monitor', 'stdio'];
  const qemu = spawn(program, [...fixed, ...channels, ...args]);
  const deadline = setTimeout(() => qemu.kill('SIGKILL'), seconds * 1000);
  let errors = '';
  qemu.stderr.on('data', (data) => {
    errors += data;
  });
  const ended = new Promise((resolve, reject) => qemu.on('close', resolve).on('error', reject));
  // Gone before it could read: what it says on stderr tells why.
  qemu.stdin.on('error', () => {});
  // The prompt comes early; an answer comes once all devices are made.
  const ready = new Promise((resolve) => {
    let said = '';
    qemu.stdout.on('data', (data) => {
      said += data;
      if (said.includes('VM status')) resolve(true);
    });
    qemu.stdin.write('info status\n');
  });
  try {
    if ((await Promise.race([ready, ended])) === true) {
      editConfigSpaces(qemu.pid, edits);
      qemu.stdin.write('cont\n');
    }
    await ended;
  } finally {
    clearTimeout(deadline);
    qemu.kill('SIGKILL');
  }
  return receive(existsSync(serial) ? readFileSync(serial, 'latin1') : '', `${errors}\nconsole: ${serial}`);
}

/** The snapshot between its marks in the console's text (see guest/init). */
function receive(text, details) {
  const sent = /^--- snapshot ([0-9a-f]{64})\s+^([A-Za-z0-9+/=\s]+?)^--- end/m.exec(text);
  if (sent === null) throw new Error(`the guest sent no snapshot: ${details}`);
  const archive = Buffer.from(sent[2], 'base64');
  const sum = createHash('sha256').update(archive).digest('hex');
  if (sum !== sent[1]) throw new Error(`the snapshot was damaged on the console: ${details}`);
  return archive;
}
