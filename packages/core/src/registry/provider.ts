/**
 * @module Providers of isolation facts: they look at the devices of their busses and tell what interferes with what.
 */
import type { Device } from '../device.ts';
import type { InterferenceGraph } from '../graph.ts';

/**
 * What a provider sees of one *zone*: the smallest set of devices that no interference it knows of joins with others.
 * For PCI that is a segment, joined with others only where they share requester ids.
 */
export interface Sighting {
  /** The devices of the zone in the order of the graph's parties: `devices[0]` is party 0. */
  readonly devices: readonly Device[];
  /** Asked once a change is complete: after the playback of a whole bus only for the last sighting of each zone. */
  graph(): InterferenceGraph;
}

/**
 * Registered for one bus or for several. It is told of every device of those busses, first of those that are present.
 * Whoever returns a sighting with the device in it vouches for it; a device that nobody vouches for counts as
 * `same-requester` with its parent.
 */
export interface IsolationProvider {
  readonly name: string;
  /** The zone that the device is in now, with all that this arrival joined to it; undefined: none of mine. */
  deviceAdded(device: Device): Sighting | undefined;
  /** What is left of the zone that the device was in: nothing, one zone, or several that only it joined. */
  deviceRemoved(device: Device): readonly Sighting[];
}
