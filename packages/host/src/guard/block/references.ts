/**
 * @module What a name of a disk in a configuration means today: `UUID=…`, `LABEL=…`, `/dev/mapper/vg-root`.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { lastPart, namesAt, textAt } from '../../files.ts';
import type { BlockDevices } from './block-devices.ts';

/** The directory of links that a tag stands for. */
const TAGS: Readonly<Record<string, string>> = Object.freeze({
  UUID: 'disk/by-uuid',
  LABEL: 'disk/by-label',
  PARTUUID: 'disk/by-partuuid',
  PARTLABEL: 'disk/by-partlabel',
  ID: 'disk/by-id',
});

/** @returns the name of the block device; undefined where nothing tells it. */
export type Resolve = (reference: string) => string | undefined;

/** The links that udev made are read when first asked for: from /dev, and where that is not there, from udev's data. */
export function referenceResolver(tree: MachineTree, devices: BlockDevices): Resolve {
  let recorded: ReadonlyMap<string, string> | undefined;
  let mapped: ReadonlyMap<string, string> | undefined;
  return (reference) => {
    const link = linkOf(reference);
    if (link === undefined) return undefined;
    if (devices.byName(link) !== undefined) return link;
    const target = tree.readLink(`dev/${link}`);
    if (!isReadFailure(target) && devices.byName(lastPart(target)) !== undefined) return lastPart(target);
    recorded ??= linksOfUdev(tree, devices);
    mapped ??= mapperNames(tree, devices);
    return recorded.get(link) ?? mapped.get(mapperName(link));
  };
}

/** `disk/by-uuid/…` of `UUID=…` and of `/dev/disk/by-uuid/…`; undefined for what names no block device. */
function linkOf(reference: string): string | undefined {
  const tag = /^([A-Z]+)=(?:"(.*)"|(.*))$/.exec(reference);
  if (tag === null) return reference.startsWith('/dev/') ? reference.slice('/dev/'.length) : undefined;
  const directory = TAGS[tag[1] as string];
  return directory === undefined ? undefined : `${directory}/${encodeForUdev(tag[2] ?? (tag[3] as string))}`;
}

/** udev writes what is not harmless in a file name as `\x20`; letters beyond ASCII stand as they are. */
function encodeForUdev(text: string): string {
  return text.replace(/[^\w#+\-.:=@\u0080-\u{10ffff}]/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function linksOfUdev(tree: MachineTree, devices: BlockDevices): ReadonlyMap<string, string> {
  return new Map(
    devices.all.flatMap(({ name, number }) =>
      udevRecords(tree, number)
        .filter((line) => line.startsWith('S:'))
        .map((line) => [line.slice(2), name] as const),
    ),
  );
}

/** Lines of udev's database about a block device: `S:disk/by-uuid/…`, `E:ID_FS_TYPE=ext4`. */
export function udevRecords(tree: MachineTree, number: string): readonly string[] {
  return textAt(tree, `run/udev/data/b${number}`)?.split('\n') ?? [];
}

function mapperNames(tree: MachineTree, devices: BlockDevices): ReadonlyMap<string, string> {
  const mapper = devices.all.filter((device) => namesAt(tree, device.path).includes('dm'));
  return new Map(mapper.map(({ name, path }) => [textAt(tree, `${path}/dm/name`) ?? '', name] as const));
}

/** `mapper/vg-root` and `vg/root` are one: device mapper doubles hyphens within names. */
function mapperName(link: string): string {
  if (link.startsWith('mapper/')) return link.slice('mapper/'.length);
  const [group, volume, more] = link.split('/');
  if (volume === undefined || more !== undefined) return '';
  return `${group?.replaceAll('-', '--')}-${volume.replaceAll('-', '--')}`;
}
