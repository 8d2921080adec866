/**
 * @module Gives functions their addresses as firmware does: device numbers on each bus, bus numbers depth first, busses
 * that virtual functions need and those that are kept free for hot-plug.
 */
import { NOT_EXPRESS, type PciAddress, PORT, requesterId } from '@isogroups/pci';
import { type BusKind, busBelow, kindOfFunction } from '../language/bus-kind.ts';
import type { FunctionDescription, PortWord, Slot } from '../language/description.ts';
import { DescriptionError } from '../language/description-error.ts';
import type { Kind, Role } from '../language/kinds.ts';

/** A function with its address, and what is below it. */
export interface PlacedFunction {
  readonly description: FunctionDescription;
  readonly kind: Kind;
  readonly address: PciAddress;
  /** The sort of bus that it sits on. */
  readonly on: BusKind;
  /** Device/port type of its PCI Express capability; NOT_EXPRESS: it has none. */
  readonly portType: number;
  readonly isMultifunction: boolean;
  /** Of a bridge. */
  readonly busses: { readonly secondary: number; readonly subordinate: number } | undefined;
  readonly below: readonly PlacedFunction[];
  /** The virtual functions that are switched on. */
  readonly virtual: readonly PciAddress[];
}

/** A bus that functions are to be put on. */
export interface BusContext {
  readonly kind: BusKind;
  readonly segment: number;
  readonly bus: number;
  /** False: a machine from before PCI Express. */
  readonly express: boolean;
  /** Device and function numbers that are in use. */
  readonly taken: Set<number>;
  /** The bus numbers that may be given to what is below. */
  readonly numbers: BusNumbers;
  /** The number of the next VMD domain. */
  nextDomain(): number;
}

export interface BusNumbers {
  /** The next number that is free. @throws DescriptionError when there is none. */
  take(): number;
  /** The number that was taken last. */
  last(): number;
}

/** Numbers `first` to `last`, in order. */
export function busNumbers(first: number, last: number, where: string): BusNumbers {
  let next = first;
  return {
    take() {
      if (next > last) throw new DescriptionError(`${where} has no bus number left: ${first} to ${last} are in use`);
      return next++;
    },
    last: () => next - 1,
  };
}

/** @throws DescriptionError where numbers do not suffice, or virtual functions would be where others are. */
export function placeOnBus(slots: readonly Slot[], context: BusContext): readonly PlacedFunction[] {
  const seats = slots.flatMap((slot) => seatsOf(slot, context)).sort((a, b) => a.devfn - b.devfn);
  takeBussesOfVirtual(seats, context);
  const virtual = seats.map((seat) => virtualAddresses(seat, context));
  return seats.map((seat, i) => placed(seat, virtual[i] as PciAddress[], context));
}

interface Seat {
  readonly description: FunctionDescription;
  readonly devfn: number;
  readonly isMultifunction: boolean;
}

function seatsOf(slot: Slot, { kind, taken }: BusContext): readonly Seat[] {
  const asked = slot.find((f) => f.options.at !== undefined)?.options.at;
  const [first] = slot;
  const isHostBridge = first !== undefined && kindOfFunction(first).role === 'host-bridge';
  // On a root bus device 0 is the host bridge's, where there is one.
  const start = kind === 'root' && !isHostBridge ? 1 : 0;
  const device = asked === undefined ? freeDevice(taken, start) : asked >> 3;
  const wanted = new Set(slot.map((f) => f.options.at));
  let next = device << 3;
  return slot.map((description) => {
    let devfn = description.options.at;
    if (devfn === undefined) {
      while (wanted.has(next)) next++;
      devfn = next++;
    }
    if (taken.has(devfn)) throw new DescriptionError(`two functions of a bus would be ${label(devfn)}`);
    taken.add(devfn);
    return { description, devfn, isMultifunction: slot.length > 1 };
  });
}

const label = (devfn: number): string => `${(devfn >> 3).toString(16).padStart(2, '0')}.${devfn & 7}`;

function freeDevice(taken: ReadonlySet<number>, start: number): number {
  for (let device = start; device < 32; device++) {
    let isFree = true;
    for (let fn = 0; fn < 8 && isFree; fn++) isFree = !taken.has((device << 3) | fn);
    if (isFree) return device;
  }
  throw new DescriptionError('a bus has no device number left');
}

/** Virtual functions may need the numbers right behind that of their bus. */
function takeBussesOfVirtual(seats: readonly Seat[], { bus, numbers }: BusContext): void {
  const last = Math.max(
    bus,
    ...seats.map((seat) => virtualId(seat, bus, (seat.description.options.vfs?.total ?? 1) - 1) >> 8),
  );
  if (last > bus && numbers.last() !== bus) {
    throw new DescriptionError(`virtual functions need the bus numbers behind ${bus}, which are in use`);
  }
  while (numbers.last() < last) numbers.take();
}

function virtualId({ description, devfn }: Seat, bus: number, index: number): number {
  const { vfs } = description.options;
  return requesterId({ bus, devfn }) + (vfs === undefined ? 0 : vfs.offset + index * vfs.stride);
}

/** Addresses of the virtual functions that are on. */
function virtualAddresses(seat: Seat, { segment, bus, taken }: BusContext): PciAddress[] {
  return Array.from({ length: seat.description.options.vfs?.enabled ?? 0 }, (_, index) => {
    const id = virtualId(seat, bus, index);
    const key = id - (bus << 8);
    if (taken.has(key)) throw new DescriptionError('virtual functions would be where other functions are');
    taken.add(key);
    return { segment, bus: id >> 8, devfn: id & 0xff };
  });
}

function placed(seat: Seat, virtual: readonly PciAddress[], context: BusContext): PlacedFunction {
  const { description, devfn, isMultifunction } = seat;
  const kind = kindOfFunction(description);
  const address = { segment: context.segment, bus: context.bus, devfn };
  const self = {
    description,
    kind,
    address,
    on: context.kind,
    portType: portTypeOf(description, kind.role, context),
    isMultifunction,
    virtual,
  };
  const leadsTo = busBelow(kind.role);
  if (leadsTo === undefined) return { ...self, busses: undefined, below: [] };
  if (kind.role === 'vmd') return { ...self, busses: undefined, below: placeDomain(description, context) };
  const secondary = context.numbers.take();
  const below = placeOnBus(description.below, {
    ...context,
    kind: leadsTo,
    bus: secondary,
    taken: new Set(),
  });
  for (let i = 0; i < (description.options.spare ?? 0); i++) context.numbers.take();
  return { ...self, busses: { secondary, subordinate: context.numbers.last() }, below };
}

/** Linux numbers the segments behind VMD from here on. */
export const FIRST_DOMAIN = 0x1_0000;

function placeDomain(description: FunctionDescription, context: BusContext): readonly PlacedFunction[] {
  const segment = FIRST_DOMAIN + context.nextDomain();
  return placeOnBus(description.below, {
    ...context,
    kind: 'root',
    segment,
    bus: 0,
    taken: new Set(),
    numbers: busNumbers(1, 0xff, `the segment ${segment.toString(16)} behind a VMD`),
  });
}

const TYPE_OF_WORD: Readonly<Record<PortWord, number>> = Object.freeze({
  endpoint: PORT.endpoint,
  legacy: PORT.legacyEndpoint,
  rciep: PORT.rcIntegratedEndpoint,
  collector: PORT.eventCollector,
  root: PORT.root,
  upstream: PORT.upstream,
  downstream: PORT.downstream,
  'pcie-to-pci': PORT.expressToPci,
  'pci-to-pcie': PORT.pciToExpress,
  conventional: NOT_EXPRESS,
});

function portTypeOf({ options }: FunctionDescription, role: Role, { kind: on, express }: BusContext): number {
  if (options.type !== undefined) return TYPE_OF_WORD[options.type];
  switch (role) {
    case 'root-port':
      return PORT.root;
    case 'switch':
      return PORT.upstream;
    case 'downstream-port':
      return PORT.downstream;
    case 'reverse-bridge':
      return PORT.pciToExpress;
    case 'bridge':
      return on === 'link' ? PORT.expressToPci : NOT_EXPRESS;
    case 'host-bridge':
      return NOT_EXPRESS;
    case 'vmd':
      return PORT.rcIntegratedEndpoint;
    case 'endpoint':
      if (on === 'conventional' || !express) return NOT_EXPRESS;
      return on === 'root' ? PORT.rcIntegratedEndpoint : PORT.endpoint;
  }
}
