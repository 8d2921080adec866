/**
 * @module The texts for other tools, by the name of the tool.
 */
import type { AssignedFunction } from './assigned-function.ts';
import { emitCloudHypervisor } from './cloud-hypervisor.ts';
import { emitDriverctl } from './driverctl.ts';
import type { Emitted } from './emitted.ts';
import { emitLibvirt } from './libvirt.ts';
import { emitQemu } from './qemu.ts';
import { emitUdev } from './udev.ts';

export const EMIT_TOOLS = ['qemu', 'libvirt', 'cloud-hypervisor', 'udev', 'driverctl'] as const;
export type EmitTool = (typeof EMIT_TOOLS)[number];

export interface EmitOptions {
  /** Who may open the files of VFIO (udev). */
  readonly user?: string;
  /** The guest's first bus (libvirt). */
  readonly guestBus?: number;
}

/** Beyond the busses that management programs usually fill. */
const DEFAULT_GUEST_BUS = 8;

/** @param functions endpoints; each once */
export function emitFor(tool: EmitTool, functions: readonly AssignedFunction[], options: EmitOptions = {}): Emitted {
  switch (tool) {
    case 'qemu':
      return emitQemu(functions);
    case 'libvirt':
      return emitLibvirt(functions, options.guestBus ?? DEFAULT_GUEST_BUS);
    case 'cloud-hypervisor':
      return emitCloudHypervisor(functions);
    case 'udev':
      return emitUdev(functions, options.user);
    case 'driverctl':
      return emitDriverctl(functions);
  }
}

/** The text with its notes as comments of the tool's language before it. */
export function withNotes(tool: EmitTool, { text, notes }: Emitted): string {
  const comment = (note: string): string => (tool === 'libvirt' ? `<!-- ${note} -->` : `# ${note}`);
  return [...notes.map(comment), text].join('\n');
}
