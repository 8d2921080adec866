/**
 * @module ACS Upstream Forwarding (PCIe 6.0, 6.12.1.1): with UF on, a root port or switch downstream port that receives
 * from below what is for its own egress sends it on upstream. Without, it may send it straight back down.
 *
 * The port's own registers count as behind its egress here.
 */
import { ACS_UF, PORT, UNKNOWN_TYPE } from '@isogroups/pci';
import type { FabricFunction } from '../fabric.ts';
import type { Verdict } from './verdict.ts';

const NO_PORT: Verdict = Object.freeze({ passes: false, because: 'it is no port that could turn it back' });
const STATED_ON: Verdict = Object.freeze({ passes: false, because: 'its vendor says that it forwards upstream' });
const STATED_OFF: Verdict = Object.freeze({
  passes: true,
  because: 'its vendor says that it does not forward upstream',
});
const UNREAD: Verdict = Object.freeze({ passes: true, because: 'what it is could not be read' });
const NO_ACS: Verdict = Object.freeze({ passes: true, because: 'it has no ACS' });
const ON: Verdict = Object.freeze({ passes: false, because: 'UF is on' });
const OFF: Verdict = Object.freeze({ passes: true, because: 'UF is off' });
const NOT_NEEDED: Verdict = Object.freeze({
  passes: false,
  because: 'it implements ACS without UF: it never turns back',
});

/** Whether the port sends back down what comes from below and is for below. */
export function turnsBack(port: FabricFunction): Verdict {
  if (port.type !== PORT.root && port.type !== PORT.downstream && port.type !== UNKNOWN_TYPE) return NO_PORT;
  const stated = port.model.vendor?.forwardsUp;
  if (stated !== undefined) return stated ? STATED_ON : STATED_OFF;
  if (port.type === UNKNOWN_TYPE) return UNREAD;
  if (port.acs === undefined) return NO_ACS;
  if ((port.acs.control & ACS_UF) !== 0) return ON;
  // Switch downstream ports must implement it; of a root port the lack says that there is nothing to forward.
  return port.type === PORT.downstream || (port.acs.capability & ACS_UF) !== 0 ? OFF : NOT_NEEDED;
}
