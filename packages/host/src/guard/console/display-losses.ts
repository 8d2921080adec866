/**
 * @module The boot display, and screens on other cards.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, targetOf, textAt } from '../../files.ts';
import { type Leaving, PCI_DEVICES } from '../leaving.ts';
import { type Evidence, evidence, type Loss, loss } from '../loss.ts';
import { isGivenAway } from '../served.ts';

const DRM = 'sys/class/drm';
const GRAPHICS = 'sys/class/graphics';

export function displayLosses(tree: MachineTree, leaving: Leaving): readonly Loss[] {
  return leaving.devices.flatMap((device): readonly Loss[] => {
    const screens = screensOf(tree, leaving, device);
    const buffers = framebuffersOf(tree, leaving, device);
    const file = `${PCI_DEVICES}/${device}/boot_vga`;
    if (textAt(tree, file) === '1' && !isGivenAway(tree, device)) {
      const shown = [evidence(file, '1'), ...firmwareBuffers(tree), ...buffers, ...screens];
      const says = `${device} is the boot display: the console of the host goes dark`;
      return [
        loss({ kind: 'boot-display', item: `boot-display:${device}`, device, effect: 'lost', says, evidence: shown }),
      ];
    }
    if (screens.length === 0 && buffers.length === 0) return [];
    const what = screens.length > 0 ? 'a screen is plugged into' : 'the host has a framebuffer on';
    const shown = [...screens, ...buffers];
    return [
      loss({
        kind: 'display',
        item: `display:${device}`,
        device,
        effect: 'lost',
        says: `${what} ${device}`,
        evidence: shown,
      }),
    ];
  });
}

/** Connectors (`card0-HDMI-A-1`) with something at the other end. */
function screensOf(tree: MachineTree, leaving: Leaving, device: string): readonly Evidence[] {
  return namesAt(tree, DRM).flatMap((name): Evidence[] => {
    const path = /^card\d+-/.test(name) ? targetOf(tree, DRM, name) : undefined;
    if (path === undefined || leaving.deviceOf(path) !== device) return [];
    const file = `${DRM}/${name}/status`;
    return textAt(tree, file) === 'connected' ? [evidence(file, 'connected')] : [];
  });
}

function framebuffersOf(tree: MachineTree, leaving: Leaving, device: string): readonly Evidence[] {
  return namesAt(tree, GRAPHICS).flatMap((name): Evidence[] => {
    const path = /^fb\d+$/.test(name) ? targetOf(tree, GRAPHICS, name) : undefined;
    if (path === undefined || leaving.deviceOf(path) !== device) return [];
    return [evidence(`${GRAPHICS}/${name}`, `a framebuffer of ${device}`)];
  });
}

/** What the firmware left on the boot display belongs to a platform device: efifb, vesafb, simpledrm. */
function firmwareBuffers(tree: MachineTree): readonly Evidence[] {
  return [GRAPHICS, DRM].flatMap((directory) =>
    namesAt(tree, directory).flatMap((name): Evidence[] => {
      const path = /^(?:fb|card)\d+$/.test(name) ? targetOf(tree, directory, name) : undefined;
      const owner = /\/platform\/((?:efi|vesa|simple)-framebuffer\.\d+)\//.exec(path ?? '')?.[1];
      return owner === undefined ? [] : [evidence(`${directory}/${name}`, `shows what the firmware set up (${owner})`)];
    }),
  );
}
