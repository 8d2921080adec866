/**
 * @module A running guest: QEMU with software emulation, its monitor, and the agent in it.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAgent, type Outcome } from './agent-channel.ts';
import type { BootFiles } from './boot-files.ts';
import type { GuestMachine } from './machine.ts';
import { connectMonitor, type Monitor } from './qmp.ts';
import { within } from './within.ts';

export interface Guest {
  /** Runs a shell script; what it ends with is for the caller to judge. `seconds` (60) is its deadline. */
  run(script: string, seconds?: number): Promise<Outcome>;
  /** Runs a shell script that has to end with 0; its standard output without blanks around it. */
  sh(script: string, seconds?: number): Promise<string>;
  readonly monitor: Monitor;
  /** The end of the kernel's log, as far as the guest still gives it, and of its console. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface BootOptions extends BootFiles {
  readonly machine: GuestMachine;
  readonly scratch: string;
  /** Factor of all deadlines. */
  readonly patience: number;
}

const BOOT_SECONDS = 90;

export async function bootGuest(options: BootOptions): Promise<Guest> {
  const { machine, emulator, image, initramfs, scratch, patience } = options;
  const home = mkdtempSync(join(scratch, `${machine.name}-`));
  const at = (name: string) => join(home, name);
  const cmdline = [
    // On a machine under load the kernel takes a timer that comes late for one that is broken.
    'console=ttyS0 quiet panic=-1 no_timer_check',
    machine.cmdline,
    `vm.modules=${machine.modules.join(',')}`,
    ...(machine.root === undefined ? [] : [`vm.root=${machine.root}`]),
  ].join(' ');
  // One processor: with more, QEMU 7.2 lets one of them run into code that the kernel patches on another.
  const qemu = spawn('setpriv', [
    ...['--pdeathsig', 'KILL', 'nice', ...emulator],
    ...['-accel', 'tcg', '-m', '1536M', '-nodefaults', '-no-reboot', '-display', 'none'],
    ...(machine.steadyClock ? ['-icount', 'shift=0,sleep=off'] : []),
    ...['-kernel', image, '-initrd', initramfs, '-append', cmdline],
    ...['-serial', `file:${at('console.txt')}`],
    ...['-chardev', `socket,id=agent,path=${at('agent')},server=on,wait=off`],
    ...['-device', 'virtio-serial-pci,addr=0x1e', '-device', 'virtserialport,chardev=agent'],
    ...['-qmp', `unix:${at('qmp')},server=on,wait=off`],
    ...machine.qemu.flatMap((line) => line.split(' ')),
  ]);
  let errors = '';
  qemu.stderr.on('data', (data) => {
    errors += data;
  });
  const ended = new Promise<never>((_, reject) => {
    qemu.on('close', (code) => reject(new Error(`QEMU ended with ${code}: ${errors}`)));
    qemu.on('error', reject);
  });
  // Whoever waits for the guest races with this; nobody has to.
  ended.catch(() => {});
  const console = () => (existsSync(at('console.txt')) ? readFileSync(at('console.txt'), 'utf8') : '');
  const stop = async () => {
    qemu.kill('SIGKILL');
    await ended.catch(() => {});
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await within(BOOT_SECONDS * patience, 'QEMU opens no socket', Promise.race([ended, untilThere(at('qmp'))]));
    const monitor = await connectMonitor(at('qmp'));
    const agent = connectAgent(at('agent'));
    await within(BOOT_SECONDS * patience, 'the guest did not come up', Promise.race([ended, agent.run('true')]));
    const run: Guest['run'] = (script, seconds = 60) =>
      within(
        seconds * patience,
        `no answer to: ${script}`,
        Promise.race([ended, agent.run(`. /functions\n${script}`)]),
      );
    const sh: Guest['sh'] = async (script, seconds) => {
      const { code, stdout, stderr } = await run(script, seconds);
      if (code !== 0) throw new Error(`ended with ${code}: ${script}\n${stdout}${stderr}`);
      return stdout.trim();
    };
    const log = async () => {
      const kernel = await run('dmesg | tail -n 40', 5).catch(() => undefined);
      return kernel?.stdout ?? console().slice(-4000);
    };
    return { run, sh, monitor, log, stop };
  } catch (error) {
    const said = console();
    await stop();
    throw new Error(`${machine.name} does not boot\n${said.slice(-4000)}`, { cause: error });
  }
}

async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(20);
}
