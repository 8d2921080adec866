/**
 * @module Zones of PCI: segments, joined with others only where requester ids are shared across. An interference of the
 * fabric never leaves its segment, since requester ids and routing mean something inside of one only.
 */
import type { Device } from '@isogroups/core';
import { parseAddress } from '../facts/address.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { known } from '../facts/fact.ts';
import type { FirmwareFacts } from '../facts/machine.ts';
import { createPiece, type Piece } from '../facts/piece.ts';

/** A function of a zone, and whose facts these are. */
export interface Member extends Piece {
  readonly device: Device;
}

export interface SegmentZones {
  add(device: Device, facts: LooseFunction): Member;
  remove(device: Device): void;
  segmentOf(device: Device): number | undefined;
  /** The zone of a segment, by segment. */
  zoneOf(segment: number): readonly number[];
  /** What is in a segment: one map as long as anything is. */
  membersOf(segment: number): ReadonlyMap<Device, Member>;
  isEmpty(segment: number): boolean;
}

const NOBODY: ReadonlyMap<Device, Member> = new Map();

export function createSegmentZones(firmware: FirmwareFacts): SegmentZones {
  const bySegment = new Map<number, Map<Device, Member>>();
  const segmentOf = new Map<Device, number>();
  /** Segments that a function of a segment sends its requests through, and how many do. */
  const through = new Map<number, Map<number, number>>();
  const allInOne = mapsStreams(firmware);

  const count = (from: number, to: number, by: number): void => {
    const counts = through.get(from) ?? new Map<number, number>();
    through.set(from, counts);
    const left = (counts.get(to) ?? 0) + by;
    if (left === 0) counts.delete(to);
    else counts.set(to, left);
  };
  const link = (f: LooseFunction, by: number): void => {
    const owner = f.dmaDeviceAddress === null ? undefined : parseAddress(f.dmaDeviceAddress);
    if (owner === undefined || owner.segment === f.segment) return;
    count(f.segment, owner.segment, by);
    count(owner.segment, f.segment, by);
  };
  return {
    add(device, facts) {
      const member: Member = { ...createPiece(facts), device };
      const members = bySegment.get(facts.segment) ?? new Map<Device, Member>();
      bySegment.set(facts.segment, members);
      members.set(device, member);
      segmentOf.set(device, facts.segment);
      link(facts, 1);
      return member;
    },
    remove(device) {
      const segment = segmentOf.get(device);
      const members = segment === undefined ? undefined : bySegment.get(segment);
      const member = members?.get(device);
      if (segment === undefined || members === undefined || member === undefined) return;
      members.delete(device);
      if (members.size === 0) bySegment.delete(segment);
      segmentOf.delete(device);
      link(member.facts, -1);
    },
    segmentOf: (device) => segmentOf.get(device),
    zoneOf(segment) {
      if (allInOne) return [...bySegment.keys()].sort((a, b) => a - b);
      const zone = new Set([segment]);
      for (const s of zone) for (const other of through.get(s)?.keys() ?? []) zone.add(other);
      return [...zone].filter((s) => bySegment.has(s)).sort((a, b) => a - b);
    },
    membersOf: (segment) => bySegment.get(segment) ?? NOBODY,
    isEmpty: (segment) => !bySegment.has(segment),
  };
}

/** Where a table maps requester ids onto stream ids, any two segments may be given the same ones. */
function mapsStreams({ iort, deviceTree, viot }: FirmwareFacts): boolean {
  return [iort, deviceTree, viot].some((table) => Boolean(known<unknown>(table)));
}
