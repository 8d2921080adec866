/**
 * @module Devices that virtual machines of Proxmox VE take when they start.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import type { ToolClaim } from './claim-losses.ts';

const MACHINES = 'etc/pve/qemu-server';
const MAPPINGS = 'etc/pve/mapping/pci.cfg';

export function proxmoxClaims(tree: MachineTree): readonly ToolClaim[] {
  const files = namesAt(tree, MACHINES).filter((name) => name.endsWith('.conf'));
  if (files.length === 0) return [];
  const mappings = readMappings(textAt(tree, MAPPINGS) ?? '');
  return files.flatMap((name) => {
    const file = `${MACHINES}/${name}`;
    const id = name.slice(0, -'.conf'.length);
    // Sections after the first are snapshots.
    const [current] = (textAt(tree, file) ?? '').split(/^\[/m, 1) as [string];
    const starts = /^onboot:\s*1$/m.test(current) ? ', and it starts with the host' : '';
    return [...current.matchAll(/^hostpci\d+:\s*(\S+)/gm)].flatMap(([, value]) =>
      places(value as string, mappings).map((place): ToolClaim => {
        const says = `is given to the virtual machine ${id} of Proxmox VE${starts}`;
        return { owner: `proxmox:${id}`, place, says, file };
      }),
    );
  });
}

/** `01:00.0,pcie=1`, `host=0000:01:00;0000:02:00.0`, `mapping=gpu`: an address without a function means all of them. */
function places(value: string, mappings: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const words = value.split(',');
  const mapping = words.find((word) => word.startsWith('mapping='));
  if (mapping !== undefined) return mappings.get(mapping.slice('mapping='.length)) ?? [];
  const stated = (words.find((word) => word.startsWith('host=')) ?? (words[0] as string)).replace(/^host=/, '');
  return stated.split(';').map(withSegment);
}

const withSegment = (place: string): string => (place.split(':').length === 2 ? `0000:${place}` : place).toLowerCase();

/** A name, then indented lines `map id=10de:1e87,node=pve1,path=0000:01:00.0`. */
function readMappings(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let name = '';
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) name = line.trim();
    const path = /\bpath=([0-9a-f:.;]+)/i.exec(line)?.[1];
    if (path !== undefined) found.set(name, [...(found.get(name) ?? []), ...path.split(';').map(withSegment)]);
  }
  return found;
}
