/**
 * @module The machine of a zone: what is in its segments, and functions elsewhere that bear on the whole machine. Made from
 * the one before, as it is asked for whenever one function has come or gone.
 */
import type { Device } from '@isogroups/core';
import { type Assembly, assemblePieces } from '../facts/assemble-machine.ts';
import type { MachineSource } from '../facts/machine.ts';
import { segmentAt } from '../facts/piece.ts';
import { reassemble } from '../facts/reassemble.ts';
import { bearsOnTheMachine } from './machine-wide.ts';
import type { PciFacts } from './pci-facts.ts';
import type { Member, SegmentZones } from './segment-zones.ts';

export interface ZoneMachines {
  /** Hears of what comes to the zones, and of what goes. */
  added(member: Member): void;
  removed(device: Device): void;
  /** @param segments of one zone, ascending */
  machineOf(segments: readonly number[]): Assembly<Member>;
}

const SOURCE: MachineSource = Object.freeze({ kind: 'synthetic', label: 'a zone' });
const NONE: readonly never[] = Object.freeze([]);

export function createZoneMachines(
  { firmware, kernel, rootBuses }: Omit<PciFacts, 'factsOf'>,
  zones: SegmentZones,
): ZoneMachines {
  // Devices of other busses are on other busses to the registry as well.
  const parts = { source: SOURCE, rootBuses, others: NONE, firmware, kernel, diagnostics: NONE };
  /** Functions that matter to zones other than their own. */
  const wide = new Map<Device, Member>();
  /** By the first segment of a zone, and gone with it. */
  const last = new WeakMap<ReadonlyMap<Device, Member>, Assembly<Member>>();
  return {
    added(member) {
      if (bearsOnTheMachine(member.facts)) wide.set(member.device, member);
    },
    removed(device) {
      wide.delete(device);
    },
    machineOf(segments) {
      const pieces = segments.flatMap((segment) => [...zones.membersOf(segment).values()]);
      for (const member of wide.values()) if (!segments.includes(segmentAt(member.place))) pieces.push(member);
      const first = zones.membersOf(segments[0] as number);
      const before = last.get(first);
      const made = before === undefined ? assemblePieces(parts, pieces) : reassemble(before, pieces);
      last.set(first, made);
      return made;
    },
  };
}
