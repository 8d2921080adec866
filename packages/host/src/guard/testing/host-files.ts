/**
 * @module Parts of a host as files, to be put together in a test: `{ ...disk(NVME, …), ...mounted('/', '259:2') }`.
 */
import type { MachineTree } from '@isogroups/inventory';
import { type FileRecipes, memoryTreeOf } from '../../../../inventory/src/testing/tree-entries.ts';

export { type FileRecipes, memoryTreeOf };

export const NVME = '0000:01:00.0';
export const OTHER_NVME = '0000:02:00.0';
export const NIC = '0000:03:00.0';
export const OTHER_NIC = '0000:04:00.0';

const CLASSES: Readonly<Record<string, string>> = {
  [NVME]: '0x010802',
  [OTHER_NVME]: '0x010802',
  [NIC]: '0x020000',
  [OTHER_NIC]: '0x020000',
};

/** Where a function is below `sys/devices`: each behind a port of its own. */
export const placeOf = (address: string): string => `pci0000:00/0000:00:${address.slice(5, 7)}.0/${address}`;

export function pciFunction(address: string, more: FileRecipes = {}, pciClass = CLASSES[address]): FileRecipes {
  const directory = `sys/devices/${placeOf(address)}`;
  return {
    [`sys/bus/pci/devices/${address}`]: { link: `../../../devices/${placeOf(address)}` },
    [`${directory}/class`]: pciClass ?? '0xff0000',
    ...Object.fromEntries(Object.entries(more).map(([name, content]) => [`${directory}/${name}`, content])),
  };
}

/** A block device at a path below `sys/devices`, with what its directory holds. */
export function block(number: string, path: string, more: FileRecipes = {}): FileRecipes {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    [`sys/dev/block/${number}`]: { link: `../../devices/${path}` },
    [`sys/class/block/${name}`]: { link: `../../devices/${path}` },
    [`sys/devices/${path}/dev`]: number,
    ...Object.fromEntries(Object.entries(more).map(([file, content]) => [`sys/devices/${path}/${file}`, content])),
  };
}

/** An NVMe disk (`nvme0n1`, 259:0) with partitions 259:1, 259:2, … Of a second disk the numbers begin at 259:16. */
export function nvmeDisk(address: string, partitions: number, index = 0): FileRecipes {
  const disk = `${placeOf(address)}/nvme/nvme${index}/nvme${index}n1`;
  let files = { ...pciFunction(address), ...block(`259:${16 * index}`, disk) };
  for (let p = 1; p <= partitions; p++) {
    files = { ...files, ...block(`259:${16 * index + p}`, `${disk}/nvme${index}n1p${p}`, { partition: `${p}` }) };
  }
  return files;
}

/** A virtual block device that lies on others. */
export function stacked(number: string, name: string, slaves: readonly string[], more: FileRecipes = {}): FileRecipes {
  const links = slaves.map((slave) => [`slaves/${slave}`, { link: `../../../../../class/block/${slave}` }] as const);
  return block(number, `virtual/block/${name}`, { ...Object.fromEntries(links), ...more });
}

/** Lines of mountinfo: number, mount point, type, source. */
export function mountTable(...mounts: readonly (readonly [string, string, string, string])[]): FileRecipes {
  const lines = mounts.map(
    ([number, point, type, source], i) => `${i + 20} 1 ${number} / ${point} rw - ${type} ${source} rw`,
  );
  return { 'proc/self/mountinfo': lines.join('\n') };
}

const index = (name: string): string => `${[...name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % 9973}`;

/** An interface of a function, with a cable which is in. */
export function nic(address: string, name: string, more: FileRecipes = {}): FileRecipes {
  return networkInterface(name, `${placeOf(address)}/net/${name}`, {
    device: { link: `../../../${address}` },
    ...more,
  });
}

/** An interface that software made, on others. */
export function virtualInterface(name: string, lower: readonly string[], more: FileRecipes = {}): FileRecipes {
  const links = lower.map((l) => [`lower_${l}`, { link: `../../../../class/net/${l}` }] as const);
  return networkInterface(name, `virtual/net/${name}`, { ...Object.fromEntries(links), ...more });
}

function networkInterface(name: string, path: string, more: FileRecipes): FileRecipes {
  const files: FileRecipes = {
    operstate: 'up',
    ifindex: index(name),
    iflink: index(name),
    type: '1',
    flags: '0x1003',
    ...more,
  };
  return {
    [`sys/class/net/${name}`]: { link: `../../devices/${path}` },
    ...Object.fromEntries(Object.entries(files).map(([file, content]) => [`sys/devices/${path}/${file}`, content])),
  };
}

/** IPv4 routes: interface, destination, gateway (or none), bits, metric. */
export function routes(...all: readonly (readonly [string, string, string, number, number])[]): FileRecipes {
  const hex = (text: string): string =>
    text
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .reverse()
      .join('')
      .toUpperCase();
  const mask = (bits: number): string =>
    hex([0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.max(0, Math.min(8, bits - from)))).join('.'));
  const lines = all.map(
    ([name, destination, gateway, bits, metric]) =>
      `${name}\t${hex(destination)}\t${hex(gateway === '' ? '0.0.0.0' : gateway)}\t${gateway === '' ? '0001' : '0003'}\t0\t0\t${metric}\t${mask(bits)}\t0\t0\t0`,
  );
  return { 'proc/net/route': ['Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask', ...lines].join('\n') };
}

export function addresses(...all: readonly string[]): FileRecipes {
  const leaves = all.map((address) => `     |-- ${address}\n        /32 host LOCAL`);
  return { 'proc/net/fib_trie': ['Main:', '  +-- 0.0.0.0/0 3 0 5', ...leaves, 'Local:', ...leaves].join('\n') };
}

/** What every running host has, so that what a test leaves out is known to be absent. */
const QUIET: FileRecipes = {
  'sys/dev/block': null,
  'sys/class/net': null,
  'etc/hostname': 'host',
  'proc/swaps': 'Filename\tType\tSize\tUsed\tPriority',
  'proc/self/mountinfo': '22 1 0:21 / /proc rw - proc proc rw',
  'proc/net/route': 'Iface\tDestination',
};

export function hostOf(...parts: readonly FileRecipes[]): MachineTree {
  return memoryTreeOf(Object.assign({}, QUIET, ...parts));
}
