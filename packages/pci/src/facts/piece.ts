/**
 * @module A function on its way into a machine, with what was worked out for it before: whoever assembles much the same
 * machine again and again keeps its pieces.
 */
import { type PciAddress, parseAddress } from './address.ts';
import type { LooseFunction } from './assemble-machine.ts';
import type { PciFunction } from './pci-function.ts';

/**
 * Addresses as numbers, ascending as the addresses do: an assembly compares them and looks them up without reading the
 * facts, which for a machine of any size are in no cache.
 */
export interface Piece {
  readonly facts: LooseFunction;
  readonly place: number;
  /** Of its relations; NOWHERE for null, or for what is no address. */
  readonly parentPlace: number;
  readonly physicalFunctionPlace: number;
  readonly dmaDevicePlace: number;
  /** As it is in the machine that was assembled last. */
  linked: PciFunction | undefined;
  /** Notes of the assembly under way: the place in tree order, -1 before it has one, and that of the bridge above. */
  index: number;
  parent: number;
  /** What is below it, until that has its place. */
  below: Piece[] | undefined;
}

export const NOWHERE = -1;

export function createPiece(facts: LooseFunction): Piece {
  return {
    facts,
    place: placeOf(facts),
    parentPlace: placeNamed(facts.parentAddress),
    physicalFunctionPlace: placeNamed(facts.physicalFunctionAddress),
    dmaDevicePlace: placeNamed(facts.dmaDeviceAddress),
    linked: undefined,
    index: -1,
    parent: -1,
    below: undefined,
  };
}

export function placeNamed(address: string | null): number {
  const parsed = address === null ? undefined : parseAddress(address);
  return parsed === undefined ? NOWHERE : placeOf(parsed);
}

const placeOf = ({ segment, bus, devfn }: PciAddress): number => (segment * 256 + bus) * 256 + devfn;

/** Segment and bus of a place. */
export const busAt = (place: number): number => Math.floor(place / 256);

export const segmentAt = (place: number): number => Math.floor(place / 0x10000);

/** Bus and function of a place. */
export const requesterAt = (place: number): number => place & 0xffff;

/** The function with indices for relations: the one from before, where they are the same. */
export function link(piece: Piece, parent: number, physicalFunction: number, dmaDevice: number): PciFunction {
  const before = piece.linked;
  if (
    before !== undefined &&
    before.parent === parent &&
    before.physicalFunction === physicalFunction &&
    before.dmaDevice === dmaDevice
  ) {
    return before;
  }
  const made = linked(piece.facts, parent, physicalFunction, dmaDevice);
  piece.linked = made;
  return made;
}

/** Every field by name: all have one shape, whatever order or further fields their source gave them. */
function linked(f: LooseFunction, parent: number, physicalFunction: number, dmaDevice: number): PciFunction {
  return Object.freeze({
    segment: f.segment,
    bus: f.bus,
    devfn: f.devfn,
    parent,
    physicalFunction,
    dmaDevice,
    vendor: f.vendor,
    device: f.device,
    subsystemVendor: f.subsystemVendor,
    subsystemDevice: f.subsystemDevice,
    revision: f.revision,
    classCode: f.classCode,
    headerType: f.headerType,
    multifunctionBit: f.multifunctionBit,
    bridge: f.bridge,
    express: f.express,
    acs: f.acs,
    ats: f.ats,
    pasid: f.pasid,
    pri: f.pri,
    sriov: f.sriov,
    msi: f.msi,
    msix: f.msix,
    advancedFeatures: f.advancedFeatures,
    powerManagement: f.powerManagement,
    serialNumber: f.serialNumber,
    config: f.config,
    host: f.host,
  });
}
