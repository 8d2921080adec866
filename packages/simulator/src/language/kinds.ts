/**
 * @module The words for functions, with what a function has when nothing more is said of it.
 */
import type { BarDescription } from './description.ts';

/** What a function does for the fabric. */
export type Role =
  | 'root-port'
  | 'switch'
  | 'downstream-port'
  /** PCI Express to conventional PCI below a port, conventional to conventional elsewhere. */
  | 'bridge'
  /** Conventional PCI to PCI Express. */
  | 'reverse-bridge'
  | 'host-bridge'
  /** Intel VMD: a PCI segment of its own behind an endpoint. */
  | 'vmd'
  | 'endpoint';

export interface Kind {
  readonly word: string;
  readonly role: Role;
  readonly says: string;
  readonly vendor: number;
  readonly device: number;
  readonly classCode: number;
  /** The driver that Linux has for it. */
  readonly driver: string | null;
  readonly bars: readonly BarDescription[];
}

const K = 1024;
const M = 1024 * K;
const wide = (size: number): BarDescription => ({ size, bits: 64 });
const narrow = (size: number): BarDescription => ({ size, bits: 32 });

const kind = (
  word: string,
  role: Role,
  says: string,
  [vendor, device, classCode]: readonly [number, number, number],
  driver: string | null = null,
  bars: readonly BarDescription[] = [],
): Kind => Object.freeze({ word, role, says, vendor, device, classCode, driver, bars: Object.freeze(bars) });

// Ids of devices without quirks, apart from those that real quirk rows are about, which are asked for with `id=`.
export const KINDS: readonly Kind[] = Object.freeze([
  kind('rp', 'root-port', 'root port', [0x1b36, 0x000c, 0x060400], 'pcieport'),
  kind('switch', 'switch', 'switch: its upstream port', [0x104c, 0x8232, 0x060400], 'pcieport'),
  kind('dsp', 'downstream-port', 'downstream port of a switch', [0x104c, 0x8233, 0x060400], 'pcieport'),
  kind('bridge', 'bridge', 'bridge to conventional PCI', [0x1b36, 0x000e, 0x060400]),
  kind('reverse', 'reverse-bridge', 'bridge from conventional PCI to PCI Express', [0x10b5, 0x8114, 0x060400]),
  kind('host', 'host-bridge', 'host bridge', [0x8086, 0x29c0, 0x060000]),
  kind(
    'vmd',
    'vmd',
    'Intel VMD: an endpoint with a PCI segment of its own behind it',
    [0x8086, 0x9a0b, 0x010400],
    'vmd',
  ),
  kind('nvme', 'endpoint', 'NVMe disk', [0x144d, 0xa80a, 0x010802], 'nvme', [wide(16 * K)]),
  kind('nic', 'endpoint', 'network card', [0x8086, 0x10d3, 0x020000], 'e1000e', [wide(128 * K), narrow(16 * K)]),
  kind('gpu', 'endpoint', 'graphics card', [0x10de, 0x2204, 0x030000], 'nouveau', [narrow(16 * M), wide(256 * M)]),
  kind('audio', 'endpoint', 'the sound of a graphics card', [0x10de, 0x1aef, 0x040300], 'snd_hda_intel', [
    narrow(16 * K),
  ]),
  kind('sound', 'endpoint', 'sound card', [0x1274, 0x1371, 0x040100], 'snd_ens1371', [narrow(4 * K)]),
  kind('usb', 'endpoint', 'USB controller', [0x1b36, 0x000d, 0x0c0330], 'xhci_hcd', [wide(16 * K)]),
  kind('sata', 'endpoint', 'SATA controller', [0x1b36, 0x0010, 0x010601], 'ahci', [narrow(4 * K)]),
  kind('scsi', 'endpoint', 'SCSI controller', [0x1000, 0x0012, 0x010000], 'sym53c8xx', [narrow(4 * K)]),
  kind('accel', 'endpoint', 'accelerator', [0x1ae0, 0x0043, 0x120000], null, [wide(16 * M)]),
  kind('device', 'endpoint', 'anything else', [0x1b36, 0x0005, 0xff0000], null, [wide(4 * K)]),
]);

const byWord: ReadonlyMap<string, Kind> = new Map(KINDS.map((k) => [k.word, k]));

const CONTROLLER = kind('bus', 'endpoint', 'controller of another bus', [0x1b36, 0x0011, 0x0c8000], null, [
  narrow(4 * K),
]);

/** The kind that a word names; any word that ends in `bus` is a controller of that bus. */
export function kindOf(word: string): Kind | undefined {
  return byWord.get(word) ?? (isController(word) ? CONTROLLER : undefined);
}

export function isController(word: string): boolean {
  return /^[a-z][a-z0-9]*bus$/.test(word);
}
