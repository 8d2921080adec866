/**
 * @module Devices that libvirt's virtual machines have or take when they start.
 */
import type { MachineTree } from '@isogroups/inventory';
import { formatAddress } from '@isogroups/pci';
import { namesAt, textAt } from '../../files.ts';
import type { ToolClaim } from './claim-losses.ts';

const CONFIGURED = 'etc/libvirt/qemu';
const RUNNING = 'run/libvirt/qemu';

/** With `managed='yes'` libvirt unbinds and binds the device itself; a running machine has it whatever is written. */
export function libvirtClaims(tree: MachineTree): readonly ToolClaim[] {
  return [CONFIGURED, RUNNING].flatMap((directory) =>
    namesAt(tree, directory).flatMap((name): readonly ToolClaim[] => {
      if (!name.endsWith('.xml')) return [];
      const file = `${directory}/${name}`;
      const text = textAt(tree, file) ?? '';
      const machine = /<name>([^<]*)<\/name>/.exec(text)?.[1] ?? name.slice(0, -'.xml'.length);
      return assignedDevices(text).flatMap(({ place, managed }): readonly ToolClaim[] => {
        const running = directory === RUNNING;
        if (!running && !managed) return [];
        const says = running
          ? `is in use by the virtual machine ${machine} of libvirt`
          : `is taken by libvirt when the virtual machine ${machine} starts (managed='yes')`;
        return [{ owner: running ? `libvirt-running:${machine}` : `libvirt:${machine}`, place, says, file }];
      });
    }),
  );
}

/** `<hostdev … managed='yes'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>…` */
function assignedDevices(text: string): readonly { readonly place: string; readonly managed: boolean }[] {
  return text
    .split(/<(?=(?:hostdev|interface)\s)/)
    .slice(1)
    .flatMap((part) => {
      const element = part.slice(0, endOf(part));
      const [head] = element.split('>', 1) as [string];
      const source = /<source\b[^>]*>([\s\S]*?)<\/source>/.exec(element)?.[1] ?? '';
      const address = /<address\b([^>]*)\/?>/.exec(source)?.[1];
      const place = address === undefined ? undefined : placeOf(address);
      return place === undefined ? [] : [{ place, managed: /\bmanaged=['"]yes['"]/.test(head) }];
    });
}

function endOf(part: string): number {
  const end = part.indexOf(part.startsWith('hostdev') ? '</hostdev>' : '</interface>');
  return end === -1 ? part.length : end;
}

function placeOf(attributes: string): string | undefined {
  const number = (name: string): number =>
    Number(new RegExp(`\\b${name}=['"]([^'"]*)['"]`).exec(attributes)?.[1] ?? Number.NaN);
  const [segment, bus, slot, fn] = [number('domain'), number('bus'), number('slot'), number('function')] as const;
  if (![bus, slot, fn].every(Number.isInteger)) return undefined;
  return formatAddress({ segment: Number.isInteger(segment) ? segment : 0, bus, devfn: (slot << 3) | fn });
}
