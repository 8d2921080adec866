/**
 * @module ACS Request Redirect, Completion Redirect, Egress Control and Direct Translated (PCIe 6.0, 6.12.1 and 6.12.3):
 * whether what a function or port sends to a peer of the same device or switch takes the direct way, or goes upstream.
 */
import { ACS_CR, ACS_DT, ACS_EC, ACS_RR, ACS_TB, NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '@isogroups/pci';
import type { FabricFunction } from '../fabric.ts';
import type { Verdict } from './verdict.ts';

const verdict = (passes: boolean, because: string): Verdict => Object.freeze({ passes, because });
const STATED_ON = verdict(false, 'its vendor says that its functions cannot reach each other');
const STATED_OFF = verdict(true, 'its vendor says that it does not redirect');
const UNREAD = verdict(true, 'what it is could not be read');
const CONVENTIONAL = verdict(true, 'it is conventional PCI, which has no ACS');
const BRIDGE_TYPE = verdict(true, 'it is of a type that has no ACS');
const ALONE = verdict(false, 'it is the only function of its device');
const OTHER = verdict(false, 'its type is reserved');
const NO_ACS = verdict(true, 'it has no ACS');
const VIRTUAL = verdict(false, 'it is a virtual function without ACS: it has no way to its siblings');
const SILENT = verdict(false, 'nothing says that it has a way to its virtual functions');
const NOTHING = verdict(false, 'it implements ACS without the bit: it has no way to its peers');
const TRANSLATED = verdict(true, 'DT is on and the request is marked as translated');
const EGRESS = verdict(true, 'EC is on, and lets pass what its vector admits');
const RR_ON = verdict(false, 'RR is on');
const CR_ON = verdict(false, 'CR is on');
const RR_OFF = verdict(true, 'RR is off');
const CR_OFF = verdict(true, 'CR is off');

export type Traffic = 'request' | 'translated' | 'completion';

/** Whether `f`, which sends or forwards from below, reaches a peer without going upstream. */
export function reachesPeers(f: FabricFunction, traffic: Traffic): Verdict {
  const stated = f.model.vendor?.redirects;
  if (stated !== undefined) return stated ? STATED_ON : STATED_OFF;
  if (f.physicalFunction >= 0) return f.acs === undefined ? VIRTUAL : byRegisters(f, traffic);
  switch (f.type) {
    case UNKNOWN_TYPE:
      return UNREAD;
    case NOT_EXPRESS:
      return CONVENTIONAL;
    case PORT.expressToPci:
    case PORT.pciToExpress:
    case PORT.eventCollector:
      return BRIDGE_TYPE;
    case PORT.root:
    case PORT.downstream:
      return byRegisters(f, traffic);
    case PORT.endpoint:
    case PORT.legacyEndpoint:
    case PORT.upstream:
    case PORT.rcIntegratedEndpoint:
      return f.multifunction ? byRegisters(f, traffic) : ALONE;
    default:
      return OTHER;
  }
}

/**
 * Whether a physical function reaches its virtual ones: for ACS they are functions of its device, whatever its header says.
 * Without the capability nothing says that there is such a way.
 */
export function reachesVirtual(f: FabricFunction, traffic: Traffic): Verdict {
  const isExpress = f.type === PORT.endpoint || f.type === PORT.legacyEndpoint || f.type === PORT.rcIntegratedEndpoint;
  return isExpress && f.acs !== undefined && f.model.vendor?.redirects === undefined ? byRegisters(f, traffic) : SILENT;
}

function byRegisters({ acs, type }: FabricFunction, traffic: Traffic): Verdict {
  if (acs === undefined) return NO_ACS;
  const isCompletion = traffic === 'completion';
  const bit = isCompletion ? ACS_CR : ACS_RR;
  if ((acs.control & bit) === 0) {
    // A switch routes between its ports by address, always; elsewhere a bit that is not there has nothing to redirect.
    if (type === PORT.downstream || (acs.capability & bit) !== 0) return isCompletion ? CR_OFF : RR_OFF;
    return (acs.control & ACS_EC) !== 0 ? EGRESS : NOTHING;
  }
  if ((acs.control & ACS_EC) !== 0) return EGRESS;
  if (traffic === 'translated' && (acs.control & (ACS_DT | ACS_TB)) === ACS_DT) return TRANSLATED;
  return isCompletion ? CR_ON : RR_ON;
}

/** Whether a peer's packets get to it: a host bridge and a function without any inner way are reached by nobody. */
export function isReachedByPeers(f: FabricFunction, hasBelow: boolean): boolean {
  if (f.isHostBridge) return false;
  if (f.physicalFunction >= 0) return reachesPeers(f, 'request').passes || reachesPeers(f, 'completion').passes;
  return hasBelow || f.model.vendor?.redirects !== true;
}
