import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import type { AssignedFunction } from './assigned-function.ts';
import { EMIT_TOOLS, emitFor, withNotes } from './emit.ts';
import { guestSlots } from './guest-slots.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const QEMU = 'qemu-system-x86_64';
const VALIDATE = 'virt-xml-validate';
/** The program that does the work of virt-xml-validate. */
const XMLLINT = 'xmllint';
const UDEVADM = 'udevadm';
/** `udevadm verify` came with systemd 254. */
const canVerifyRules = spawnSync(UDEVADM, ['verify', '--help']).status === 0;

function assigned(device: string, more: Partial<AssignedFunction> = {}): AssignedFunction {
  const address = parseAddress(device);
  if (address === undefined) throw new RangeError(device);
  return {
    device,
    address,
    path: `devices/pci0000:00/0000:00:01.0/${device}`,
    vendor: 0x10de,
    model: 0x1e87,
    group: 12,
    isVirtualFunction: false,
    driver: 'vfio-pci',
    ...more,
  };
}

/** A graphics card with sound, a single card, and two virtual functions of one. No machine of the tests has segment fffe. */
const CARDS = ['fffe:01:00.1', 'fffe:01:00.0', 'fffe:02:00.0'].map((device) => assigned(device));
const VIRTUAL = ['fffe:03:10.2', 'fffe:03:10.4'].map((device) => assigned(device, { isVirtualFunction: true }));
const ALL = [...CARDS, ...VIRTUAL];

describe('slots of the guest', () => {
  const placed = (functions: readonly AssignedFunction[]) =>
    guestSlots(functions).map((slot) => slot.functions.map((f) => `${f.function.device}=${f.number}`));

  it('keep functions of one slot together, in order, and virtual functions apart', () => {
    expect(placed(ALL)).toEqual([
      ['fffe:01:00.0=0', 'fffe:01:00.1=1'],
      ['fffe:02:00.0=0'],
      ['fffe:03:10.2=0'],
      ['fffe:03:10.4=0'],
    ]);
  });

  it('have a function 0, which is said where it is another one in the host', () => {
    const audio = [assigned('fffe:01:00.1'), assigned('fffe:01:00.3')];
    expect(placed(audio)).toEqual([['fffe:01:00.1=0', 'fffe:01:00.3=3']]);
    expect(emitFor('qemu', audio).notes).toEqual([
      'fffe:01:00.1 is function 0 in the guest: a guest finds no others without it',
    ]);
    expect(emitFor('qemu', VIRTUAL).notes).toEqual([]);
  });

  it('take a function that is named twice once', () => {
    const [card] = CARDS as [AssignedFunction];
    expect(placed([card, card])).toHaveLength(1);
    expect(placed([card, card])[0]).toHaveLength(1);
  });
});

describe('QEMU', () => {
  const options = (functions: readonly AssignedFunction[]): string[] =>
    emitFor('qemu', functions)
      .text.split(' \\\n')
      .flatMap((line) => line.split(' '));
  const start = (words: readonly string[], commands: string) =>
    spawnSync(QEMU, ['-M', 'q35', '-nodefaults', '-display', 'none', '-S', '-monitor', 'stdio', ...words], {
      input: commands,
      encoding: 'utf8',
      timeout: 20_000,
    });

  it('marks function 0 of a slot with several', () => {
    expect(
      emitFor('qemu', CARDS)
        .text.split('\n')
        .map((l) => l.replace(' \\', '')),
    ).toEqual([
      '-device pcie-root-port,id=isogroups1,chassis=224,slot=1',
      '-device vfio-pci,host=fffe:01:00.0,bus=isogroups1,addr=00.0,multifunction=on',
      '-device vfio-pci,host=fffe:01:00.1,bus=isogroups1,addr=00.1',
      '-device pcie-root-port,id=isogroups2,chassis=224,slot=2',
      '-device vfio-pci,host=fffe:02:00.0,bus=isogroups2,addr=00.0',
    ]);
  });

  it.skipIf(!has(QEMU))('accepts every option (skipped where there is no QEMU)', () => {
    const words = options(ALL);
    const ports = words.flatMap((w, i) => (w.startsWith('pcie-root-port') ? [words[i - 1] as string, w] : []));
    for (const device of words.filter((w) => w.startsWith('vfio-pci'))) {
      // All that is wrong with it is that the host has no such device.
      const { stderr } = start([...ports, '-device', device], 'quit\n');
      expect(stderr).toMatch(/no such host device/);
    }
  });

  it.skipIf(!has(QEMU))(
    'builds the slots, with other devices in the place of those of the host (skipped without QEMU)',
    () => {
      const words = options(ALL).map((w) => w.replace(/^vfio-pci,host=[^,]+/, 'qemu-xhci'));
      const { stdout, stderr, status } = start(words, 'info qtree\nquit\n');
      expect(stderr).toBe('');
      expect(status).toBe(0);
      // Of each port the devices on its bus, and their numbers in reverse order.
      const slots = stdout
        .split(/bus: isogroups\d+/)
        .slice(1)
        .map((bus) => [...bus.matchAll(/dev: qemu-xhci[\s\S]*?addr = (\S+)/g)].map(([, addr]) => addr));
      expect(slots).toEqual([['00.0'], ['00.0'], ['00.0'], ['00.1', '00.0']]);
      const alone = words.map((w) => w.replace(',multifunction=on', ''));
      expect(start(alone, 'quit\n').stderr).toMatch(/not.*multifunction|single function/i);
    },
  );
});

describe('libvirt', () => {
  it.skipIf(!has(VALIDATE) || !has(XMLLINT))('is valid within a domain (virt-xml-validate; skipped without it)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'isogroups-emit-test-'));
    const validate = (devices: string) => {
      const file = join(directory, 'domain.xml');
      const os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
      writeFileSync(
        file,
        `<domain type='kvm'><name>x</name><memory>1024</memory>${os}<devices>${devices}</devices></domain>`,
      );
      return spawnSync(VALIDATE, [file, 'domain'], { encoding: 'utf8' });
    };
    try {
      const { text } = emitFor('libvirt', ALL, { guestBus: 9 });
      const valid = validate(withNotes('libvirt', { text, notes: ['a note'] }));
      expect(valid.stderr + valid.stdout).toContain('validates');
      expect(valid.status).toBe(0);
      expect(validate(text.replace("managed='no'", "managed='perhaps'")).status).not.toBe(0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('leaves binding to the claim and names the bus that was asked for', () => {
    const { text } = emitFor('libvirt', CARDS, { guestBus: 9 });
    expect(text.match(/managed='no'/g)).toHaveLength(3);
    expect(text).toContain("<address domain='0xfffe' bus='0x01' slot='0x00' function='0x1'/>");
    expect(text).toContain(
      "<address type='pci' domain='0x0000' bus='0x09' slot='0x00' function='0x0' multifunction='on'/>",
    );
    expect(text).toContain("<address type='pci' domain='0x0000' bus='0x0a' slot='0x00' function='0x0'/>");
  });
});

describe('Cloud Hypervisor', () => {
  it('takes all paths after one option, and cannot keep functions together', () => {
    const { text, notes } = emitFor('cloud-hypervisor', CARDS);
    expect(text).toMatch(/^--device path=\/sys\/bus\/pci\/devices\/fffe:01:00\.1\/ path=/);
    expect(notes).toHaveLength(1);
    expect(emitFor('cloud-hypervisor', VIRTUAL).notes).toEqual([]);
  });
});

describe('udev', () => {
  const [card] = CARDS as [AssignedFunction];

  it('names functions by place and ids, not by bus numbers', () => {
    const { text } = emitFor('udev', [card]);
    expect(text).toContain('DEVPATH=="/devices/pci0000:00/0000:00:01.0/fffe:??:00.1", ATTR{vendor}=="0x10de"');
    expect(text).toContain('DEVPATH=="/devices/pci0000:00/0000:00:01.0/fffe:??:00.1/vfio-dev/*"');
    expect(text).toContain('SUBSYSTEM=="vfio", KERNEL=="12", GROUP="kvm", MODE="0660"');
  });

  it('a function on the root bus keeps its bus number, which is the root’s', () => {
    const onRoot = assigned('0000:00:1f.3', { path: 'devices/pci0000:00/0000:00:1f.3' });
    expect(emitFor('udev', [onRoot]).text).toContain('DEVPATH=="/devices/pci0000:00/0000:00:1f.3"');
  });

  it('by its address where the source does not tell the place', () => {
    const { text } = emitFor('udev', [{ ...card, path: undefined }]);
    expect(text).toContain('KERNEL=="fffe:01:00.1"');
    expect(text).toContain('KERNELS=="fffe:01:00.1"');
  });

  it('for one user, whose name is none of a rule', () => {
    expect(emitFor('udev', [card], { user: 'alice' }).text).toContain('OWNER="alice", MODE="0600"');
    expect(() => emitFor('udev', [card], { user: 'a", RUN+="/bin/sh' })).toThrow(RangeError);
  });

  it.skipIf(!canVerifyRules)('is accepted by udevadm verify (skipped before systemd 254)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'isogroups-emit-test-'));
    try {
      const file = join(directory, '05-isogroups.rules');
      writeFileSync(file, `${withNotes('udev', emitFor('udev', ALL))}\n`);
      expect(spawnSync(UDEVADM, ['verify', '--resolve-names=never', file], { encoding: 'utf8' }).status).toBe(0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('driverctl', () => {
  it('sets an override each', () => {
    expect(emitFor('driverctl', CARDS).text.split('\n')).toContain('driverctl set-override fffe:02:00.0 vfio-pci');
  });
});

describe('notes', () => {
  it.each(EMIT_TOOLS)('of %s are comments before its text', (tool) => {
    const { text } = emitFor(tool, CARDS);
    const [first, ...rest] = withNotes(tool, { text, notes: ['a note'] }).split('\n');
    expect(first).toBe(tool === 'libvirt' ? '<!-- a note -->' : '# a note');
    expect(rest.join('\n')).toBe(text);
    expect(emitFor(tool, ALL).notes.join('\n')).not.toContain('--');
  });
});
