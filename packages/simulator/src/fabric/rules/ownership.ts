/**
 * @module Taking ownership (PCIe-to-PCI bridges 1.0, 2.3): conventional PCI knows no requester ids, so a bridge that leads
 * to it puts an id of its own on what it forwards.
 */
import type { FabricFunction } from '../fabric.ts';

/** The id that the bridge puts on requests from behind it; undefined where it passes on what they carry. */
export function ownedId(bridge: FabricFunction): number | undefined {
  switch (bridge.model.ownership) {
    case 'passes':
      return undefined;
    case 'secondary-bus':
      return bridge.segment * 0x10000 + (bridge.secondary << 8);
    case 'own-id':
      return bridge.segment * 0x10000 + (bridge.bus << 8) + bridge.devfn;
  }
}
