/**
 * @module Sockets of QEMU, line by line.
 */
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * @param path of the socket
 * @param take gets each line that comes
 * @returns sends a line
 */
export function connectLines(path: string, take: (line: string) => void): (line: string) => void {
  const socket = createConnection(path);
  // QEMU goes away at the end of every test. Whoever waits for an answer hears of it from the process.
  createInterface(socket)
    .on('line', take)
    .on('error', () => {});
  socket.on('error', () => {});
  return (line) => void socket.write(`${line}\n`);
}
