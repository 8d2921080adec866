/**
 * @module `isogroups capture`: a snapshot of the machine in one file.
 */
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  captureMachine,
  createDirectoryTree,
  createLiveTree,
  type MachineTree,
  packSnapshot,
  patientTree,
  writeSnapshot,
} from '@isogroups/inventory';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { Style } from '../render/style.ts';
import { paragraph } from '../render/text.ts';
import type { CommandSession } from '../session.ts';
import { type Missing, summariseMissing } from './capture/missing-summary.ts';
import { snapshotName } from './capture/snapshot-name.ts';

interface CaptureData {
  readonly kind: 'capture';
  /** null: standard output. */
  readonly file: string | null;
  readonly bytes: number;
  readonly devices: number;
  readonly files: number;
  readonly links: number;
  readonly redacted: boolean;
  readonly missing: readonly Missing[];
}

/** @throws CannotWriteSnapshot */
export async function run({ globals }: CommandSession, { options }: CommandArguments): Promise<Answer> {
  const redact = options.redact === true;
  const force = options.force === true;
  const output = typeof options.output === 'string' ? options.output : snapshotName(hostname(), new Date(), redact);
  const toStdout = output === '-';
  if (toStdout && globals.json === true) throw new UsageError('-o - and --json both want standard output; name a file');
  if (toStdout && process.stdout.isTTY === true) {
    throw new UsageError('a snapshot is binary and a terminal cannot show it: name a file, or pipe it somewhere');
  }

  const { entries, missing } = captureMachine(await treeOf(globals.machine), { redact });
  const bytes = await packSnapshot(entries);
  const data: CaptureData = {
    kind: 'capture',
    file: toStdout ? null : output,
    bytes: bytes.length,
    devices: entries.filter((e) => e.path.startsWith('sys/bus/pci/devices/')).length,
    files: entries.filter((e) => e.kind === 'file').length,
    links: entries.filter((e) => e.kind === 'link').length,
    redacted: redact,
    missing: missing.map(({ path, reason, why }) => ({ path, reason, why })),
  };
  if (toStdout) return toStandardOutput(bytes, data);
  writeSnapshot(output, bytes, { force });
  return { exitCode: 0, data: { ...data }, text: (style) => captureText(data, style) };
}

/** A snapshot is made of files: a text of lspci has none, and a snapshot is one already. */
async function treeOf(machine: string | undefined): Promise<MachineTree> {
  // A driver that hangs is what people capture a machine for.
  if (machine === undefined) return patientTree(createLiveTree(), '/');
  if (statSync(machine, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`${machine} is no directory; capture takes this machine or another root directory`);
  }
  return patientTree(createDirectoryTree(machine), machine);
}

/** The one answer that is not text: the bytes go to standard output, what is said of them to standard error. */
async function toStandardOutput(bytes: Uint8Array, data: CaptureData): Promise<Answer> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error == null ? resolve() : reject(error)));
  });
  if (data.missing.length > 0) process.stderr.write(`${summariseMissing(data.missing).map(missingLine).join('\n')}\n`);
  return { exitCode: 0, data: { ...data }, text: () => '' };
}

const missingLine = ({ what, why }: { readonly what: string; readonly why: string }): string =>
  `missing: ${what}: ${why}`;

function captureText(data: CaptureData, style: Style): string {
  const { devices, files, links, bytes } = data;
  const parts = [
    `${style.strong(data.file ?? '-')}: ${count(devices, 'device')}, ${count(files, 'file')}, ${count(links, 'link')}, ${sizeText(bytes)}`,
  ];
  if (data.redacted) parts.push('Serial numbers, MAC addresses and the host name are left out.');
  if (data.missing.length > 0) {
    const lines = summariseMissing(data.missing).map((m) =>
      paragraph(`${m.what}: ${m.why}`, style.width, '  - ', '    '),
    );
    parts.push(`${style.doubt('Missing')}\n${lines.join('\n')}`);
    if (process.getuid?.() !== 0) parts.push('Root may read all of it: sudo isogroups capture');
  }
  return parts.join('\n');
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function sizeText(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`;
}
