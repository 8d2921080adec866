/**
 * @module What is taken out of a file of a snapshot that is to be shown to others.
 */
import { decodeText } from '../../tree/decode-text.ts';
import { redactCommandLine } from './redact-command-line.ts';
import { redactConfigSpace } from './redact-config-space.ts';
import { redactDeviceTree } from './redact-device-tree.ts';
import { redactKernelLog } from './redact-kernel-log.ts';
import { redactVersion } from './redact-version.ts';

/** The file without what identifies the machine or its owner. The bytes given are not changed. */
export function redactFile(path: string, bytes: Uint8Array): Uint8Array {
  switch (path) {
    case 'proc/cmdline':
      return asText(bytes, redactCommandLine);
    case 'proc/version':
      return asText(bytes, redactVersion);
    case 'dmesg.txt':
      return asText(bytes, redactKernelLog);
    case 'sys/firmware/fdt':
      return redactDeviceTree(bytes);
  }
  if (path.endsWith('/config')) return redactConfigSpace(bytes);
  if (path.endsWith('/serial_number')) return asText(bytes, (text) => text.replace(/[0-9a-f]/gi, '0'));
  return bytes;
}

function asText(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  return new TextEncoder().encode(redact(decodeText(bytes)));
}
