/**
 * @module Linux' question about a function: "are its requests kept from its peers?" (pci_acs_enabled), with its reason.
 */
import { ACS_EC, ACS_REQUIRED, ACS_SV, acsBitNames } from '../config-space/acs.ts';
import { isUnknown, type Unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { type AcsQuirkContext, acsQuirkOpinion, mayHaveAcsOpinion } from '../quirks/acs-opinion.ts';
import type { AcsQuirkRow } from '../quirks/acs-quirks.ts';
import { hasBrokenSourceValidation } from '../quirks/idt-acs.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../topology/port-type.ts';
import type { Topology } from '../topology/topology.ts';

/** Why a function counts as isolated or not. */
export type AcsFinding =
  | { readonly kind: 'quirk'; readonly isolated: boolean; readonly row: AcsQuirkRow }
  | { readonly kind: 'conventional'; readonly isolated: false }
  | { readonly kind: 'bridge-type'; readonly isolated: false }
  | { readonly kind: 'single-function'; readonly isolated: true }
  | { readonly kind: 'other-type'; readonly isolated: true }
  | { readonly kind: 'no-capability'; readonly isolated: false }
  | {
      readonly kind: 'control';
      readonly isolated: boolean;
      readonly offset: number;
      readonly capability: number;
      readonly control: number;
      /** Bits that are implemented, wanted and off. */
      readonly missing: readonly string[];
    }
  /** The capability is there and its bits could not be read; where an IOMMU runs, the kernel has switched them on. */
  | { readonly kind: 'assumed-enabled'; readonly isolated: true; readonly offset: number }
  | { readonly kind: 'unknown'; readonly isolated: undefined; readonly unknown: Unknown };

export interface AcsContext extends AcsQuirkContext {
  /** Whether an IOMMU evidently runs, so that capabilities whose bits are unknown may be taken as switched on. */
  readonly iommuRuns: boolean;
  /**
   * The release makes its groups before it switches ACS on (a bad backport): what the registers hold now was not there
   * yet. The firmware is taken to have left the bits off.
   */
  readonly beforeEnabling: boolean;
}

const CONVENTIONAL_SIZE = 256;

const fixed = Object.freeze({
  conventional: { kind: 'conventional', isolated: false },
  bridge: { kind: 'bridge-type', isolated: false },
  single: { kind: 'single-function', isolated: true },
  other: { kind: 'other-type', isolated: true },
  none: { kind: 'no-capability', isolated: false },
} as const satisfies Record<string, AcsFinding>);

/** @param want ACS bits asked for; the group code always asks for SV, RR, CR and UF. */
export function acsFinding(
  topology: Topology,
  i: number,
  context: AcsContext,
  want: number = ACS_REQUIRED,
): AcsFinding {
  const f = topology.machine.functions[i] as PciFunction;
  if (!mayHaveAcsOpinion(f, context)) return generalFinding(topology, i, context, want);
  const portType = topology.portType[i] as number;
  const mf = topology.multifunction[i] as number;
  const opinion = acsQuirkOpinion(
    {
      function: f,
      portType,
      multifunction: mf === 1 ? true : mf === 0 ? false : f.multifunctionBit,
      onRootBus: topology.onRootBus[i] === 1,
    },
    want,
    context,
  );
  if (opinion === undefined) return generalFinding(topology, i, context, want);
  const { isolated, row, agreed } = opinion;
  if (!isUnknown(isolated)) return { kind: 'quirk', isolated, row };
  // Ids that are not certain do not matter where no row that may apply disagrees with the general rule.
  const general = generalFinding(topology, i, context, want);
  return general.isolated !== undefined && general.isolated === agreed
    ? general
    : { kind: 'unknown', isolated: undefined, unknown: isolated };
}

function generalFinding(topology: Topology, i: number, context: AcsContext, want: number): AcsFinding {
  const f = topology.machine.functions[i] as PciFunction;
  const mf = topology.multifunction[i] as number;
  switch (topology.portType[i]) {
    case UNKNOWN_TYPE:
      return { kind: 'unknown', isolated: undefined, unknown: f.express as Unknown };
    case NOT_EXPRESS:
      return fixed.conventional;
    // Bridges to and from conventional PCI cannot separate what shares their conventional side.
    case PORT.expressToPci:
    case PORT.pciToExpress:
    case PORT.eventCollector:
      return fixed.bridge;
    // Ports that face downstream have peers even when they are alone in their slot.
    case PORT.downstream:
    case PORT.root:
      return controlFinding(f, context, want);
    // A function without siblings has nobody to talk to inside its device.
    case PORT.endpoint:
    case PORT.legacyEndpoint:
    case PORT.upstream:
    case PORT.rcIntegratedEndpoint:
      return mf === 1 ? controlFinding(f, context, want) : fixed.single;
    default:
      return fixed.other;
  }
}

/**
 * A file of 256 bytes in sysfs means that the kernel itself reads no further (`pci=nommconf`, no MCFG): it sees no ACS
 * capability then, and cannot have switched one on.
 */
function isOutOfReach(f: PciFunction): boolean {
  return f.host.path !== undefined && f.config?.bytes.length === CONVENTIONAL_SIZE && isUnknown(f.acs);
}

/** An unimplemented bit counts as hard-wired on (pci_acs_flags_enabled), except egress control. */
function controlFinding(f: PciFunction, context: AcsContext, want: number): AcsFinding {
  const { acs } = f;
  if (acs === null || isOutOfReach(f)) return fixed.none;
  if (isUnknown(acs)) return { kind: 'unknown', isolated: undefined, unknown: acs };
  if (isUnknown(acs.capability) || isUnknown(acs.control)) {
    if (context.iommuRuns) return { kind: 'assumed-enabled', isolated: true, offset: acs.offset };
    const unread = isUnknown(acs.control) ? acs.control : (acs.capability as Unknown);
    return { kind: 'unknown', isolated: undefined, unknown: unread };
  }
  const capability = hasBrokenSourceValidation(f, context.rules) ? acs.capability & ~ACS_SV : acs.capability;
  const control = context.beforeEnabling ? acs.control & ~ACS_REQUIRED : acs.control;
  const off = want & (capability | ACS_EC) & ~control;
  return {
    kind: 'control',
    isolated: off === 0,
    offset: acs.offset,
    capability,
    control,
    missing: acsBitNames(off),
  };
}

/** 1 isolated, 0 not, -1 unknown. */
type Tri = 1 | 0 | -1;

/** The answers for all functions, each computed when first asked for. */
export interface AcsAnswers {
  isolated(i: number): Tri;
  /** All bridges from `i` up to the root bus, `i` included (pci_acs_path_enabled). */
  pathIsolated(i: number): Tri;
}

const NOT_ASKED = 2;

export function acsAnswers(topology: Topology, context: AcsContext): AcsAnswers {
  const own = new Int8Array(topology.count).fill(NOT_ASKED);
  const path = new Int8Array(topology.count).fill(NOT_ASKED);
  const isolated = (i: number): Tri => {
    if (own[i] === NOT_ASKED) {
      const finding = acsFinding(topology, i, context);
      own[i] = finding.isolated === undefined ? -1 : finding.isolated ? 1 : 0;
    }
    return own[i] as Tri;
  };
  return {
    isolated,
    pathIsolated(i) {
      // Up to the first ancestor that is already answered, then back down: no recursion however deep the tree.
      const climbed: number[] = [];
      let at = i;
      while (at >= 0 && path[at] === NOT_ASKED) {
        climbed.push(at);
        at = topology.parent[at] as number;
      }
      let above: Tri = at < 0 ? 1 : (path[at] as Tri);
      for (let k = climbed.length - 1; k >= 0; k--) {
        const here = climbed[k] as number;
        above = and(isolated(here), above);
        path[here] = above;
      }
      return path[i] as Tri;
    },
  };
}

/** "Not isolated" decides a path whatever the rest is. */
function and(a: Tri, b: Tri): Tri {
  if (a === 0 || b === 0) return 0;
  return a === -1 || b === -1 ? -1 : 1;
}
