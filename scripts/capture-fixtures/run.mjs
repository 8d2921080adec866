/**
 * @module Captures the machines of machines.mjs: `node scripts/capture-fixtures/run.mjs [name…]` (all when none is named).
 *
 * Downloads go to $ISOGROUPS_CACHE, or isogroups-cache in the system's directory for temporary files. Nothing is installed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unpacked } from '../guest/debian.mjs';
import { kernel } from '../guest/kernels.mjs';
import { missingPackages, run } from '../guest/tools.mjs';
import { makeExamples } from './examples.mjs';
import { initramfs } from './initramfs.mjs';
import { MACHINES } from './machines.mjs';
import { pack } from './pack.mjs';
import { PACKAGES } from './packages.mjs';
import { boot } from './qemu.mjs';
import { writeTable } from './readme.mjs';

const REPOSITORY = join(import.meta.dirname, '../..');
const FIXTURES = join(REPOSITORY, 'fixtures');
const CACHE = process.env.ISOGROUPS_CACHE ?? join(tmpdir(), 'isogroups-cache');

/** What differs between the architectures: QEMU's program, the console, and the processor. */
const ARCHITECTURES = {
  amd64: { program: 'qemu-system-x86_64', console: 'ttyS0', fixed: [] },
  arm64: { program: 'qemu-system-aarch64', console: 'ttyAMA0', fixed: ['-cpu', 'cortex-a57'] },
};

async function capture(machine) {
  const architecture = machine.architecture ?? 'amd64';
  const { program, console: tty, fixed } = ARCHITECTURES[architecture];
  const scratch = mkdtempSync(join(tmpdir(), 'isogroups-capture-'));
  const linux = kernel(CACHE, machine.kernel, architecture);
  const cmdline = `console=${tty} quiet panic=-1 ${machine.cmdline ?? ''}`.trim();
  const qemuArgs = machine.qemu.flatMap((line) => line.split(' '));
  const firmware = machine.uefi ? ['-bios', uefi()] : [];
  const archive = await boot({
    program,
    args: [
      ...['-accel', 'tcg', '-m', '512M', ...fixed, ...firmware, ...qemuArgs],
      ...['-kernel', linux.image, '-initrd', initramfs({ cache: CACHE, scratch, architecture }, machine, linux)],
      ...['-append', cmdline],
    ],
    edits: machine.edits ?? [],
    scratch,
    seconds: 300,
  });
  pack({
    archive,
    scratch,
    folder: join(FIXTURES, machine.name),
    about: {
      shows: machine.shows,
      kernel: linux.release,
      cmdline,
      ...(machine.steps === undefined ? {} : { steps: machine.steps }),
      ...(machine.edits === undefined ? {} : { edits: machine.edits }),
      qemuArgs,
      qemuVersion: run(program, ['--version']).split('\n')[0],
    },
  });
  // Kept when something throws: the console's text is in there.
  rmSync(scratch, { recursive: true });
}

/** UEFI for Arm, which brings ACPI tables; without it the kernel gets a device tree. */
function uefi() {
  return join(
    unpacked(CACHE, 'uefi-arm64', () => ['qemu-efi-aarch64']),
    'usr/share/qemu-efi-aarch64/QEMU_EFI.fd',
  );
}

const { positionals: names } = parseArgs({ allowPositionals: true });
const unknown = names.filter((name) => MACHINES.every((machine) => machine.name !== name));
if (unknown.length > 0) {
  console.error(`not in machines.mjs: ${unknown.join(', ')}`);
  process.exit(2);
}
const missing = missingPackages(PACKAGES);
if (missing.length > 0) {
  console.error(`first: apt-get install --no-install-recommends ${missing.join(' ')}`);
  process.exit(3);
}
mkdirSync(CACHE, { recursive: true });
for (const machine of MACHINES) {
  if (names.length > 0 && !names.includes(machine.name)) continue;
  const start = performance.now();
  try {
    await capture(machine);
    console.log(`${machine.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${machine.name}: ${error instanceof Error ? error.message : error}`);
  }
}
writeTable(FIXTURES);
makeExamples(FIXTURES, join(REPOSITORY, 'examples'));
