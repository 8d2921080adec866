/**
 * @module Zones of PCI: segments, joined with others only where requester ids are shared across. An interference of the
 * fabric never leaves its segment, since requester ids and routing mean something inside of one only.
 */
import type { Device } from '@isogroups/core';
import { type PciAddress, parseAddress } from '../facts/address.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { known } from '../facts/fact.ts';
import type { FirmwareFacts } from '../facts/machine.ts';

export interface SegmentZones {
  add(device: Device, facts: LooseFunction): void;
  remove(device: Device): void;
  has(device: Device): boolean;
  segmentOf(device: Device): number | undefined;
  /** The zone of a segment, by segment. */
  zoneOf(segment: number): readonly number[];
  /** The device at an address. */
  deviceAt(address: PciAddress): Device | undefined;
  /** What is in a segment. */
  functionsIn(segment: number): ReadonlyMap<Device, LooseFunction>;
  readonly segments: Iterable<number>;
}

const NOTHING: ReadonlyMap<Device, LooseFunction> = new Map();

export function createSegmentZones(firmware: FirmwareFacts): SegmentZones {
  const bySegment = new Map<number, Map<Device, LooseFunction>>();
  const segmentOf = new Map<Device, number>();
  const devices = new Map<number, Device>();
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
    segments: { [Symbol.iterator]: () => bySegment.keys() },
    add(device, facts) {
      const functions = bySegment.get(facts.segment) ?? new Map<Device, LooseFunction>();
      bySegment.set(facts.segment, functions);
      functions.set(device, facts);
      segmentOf.set(device, facts.segment);
      devices.set(placeOf(facts), device);
      link(facts, 1);
    },
    remove(device) {
      const segment = segmentOf.get(device);
      const functions = segment === undefined ? undefined : bySegment.get(segment);
      const facts = functions?.get(device);
      if (segment === undefined || functions === undefined || facts === undefined) return;
      functions.delete(device);
      if (functions.size === 0) bySegment.delete(segment);
      segmentOf.delete(device);
      if (devices.get(placeOf(facts)) === device) devices.delete(placeOf(facts));
      link(facts, -1);
    },
    has: (device) => segmentOf.has(device),
    segmentOf: (device) => segmentOf.get(device),
    zoneOf(segment) {
      if (allInOne) return [...bySegment.keys()].sort((a, b) => a - b);
      const zone = new Set([segment]);
      for (const s of zone) for (const other of through.get(s)?.keys() ?? []) zone.add(other);
      return [...zone].filter((s) => bySegment.has(s)).sort((a, b) => a - b);
    },
    deviceAt: (address) => devices.get(placeOf(address)),
    functionsIn: (segment) => bySegment.get(segment) ?? NOTHING,
  };
}

const placeOf = (a: PciAddress): number => (a.segment * 256 + a.bus) * 256 + a.devfn;

/** Where a table maps requester ids onto stream ids, any two segments may be given the same ones. */
function mapsStreams({ iort, deviceTree, viot }: FirmwareFacts): boolean {
  return [iort, deviceTree, viot].some((table) => Boolean(known<unknown>(table)));
}
