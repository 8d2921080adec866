/**
 * @module What a function is for the fabric: somebody who sends, a port that passes on, or the host bridge.
 */
import { isUnknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';

export const ROLE: Readonly<Record<'device' | 'port' | 'hostBridge', number>> = Object.freeze({
  device: 0,
  /** Has the header of a bridge (type 1). */
  port: 1,
  /** Configuration registers (AMD has one in every slot of root ports): it neither sends nor routes. */
  hostBridge: 2,
});

const BRIDGE_HEADER = 1;
const HOST_BRIDGE = 0x0600;

/** What could not be read counts as a device. */
export function roleOf({ headerType, classCode }: PciFunction): number {
  if (!isUnknown(classCode) && classCode >> 8 === HOST_BRIDGE) return ROLE.hostBridge;
  return headerType === BRIDGE_HEADER ? ROLE.port : ROLE.device;
}
