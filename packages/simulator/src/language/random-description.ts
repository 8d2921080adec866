/**
 * @module Machines by chance: small ones, in which everything that the grouping rules look at occurs often.
 */
import { ACS_REQUIRED, ACS_TB } from '@isogroups/pci';
import { createRandom, type Random } from '../random.ts';
import type {
  Description,
  FunctionDescription,
  FunctionOptions,
  IommuDescription,
  RootBusDescription,
  Slot,
  VirtualFunctionsDescription,
} from './description.ts';
import { type KnownIds, QUIRK_IDS } from './quirk-ids.ts';

/** The same machine for the same seed, on every computer. It always can be built. */
export function randomDescription(seed: number): Description {
  const random = createRandom(seed);
  const iommu = randomIommu(random);
  const drawing: Drawing = { random, iommu, functions: 2 + random.below(22), names: 0, inDomain: false };
  const express = !random.oneIn(16);
  const roots: RootBusDescription[] = [];
  for (const [segment, bus] of randomRoots(random)) {
    const slots: Slot[] = [];
    const wanted = 1 + random.below(5);
    while (slots.length < wanted && drawing.functions > 0) slots.push(rootSlot(drawing, express));
    roots.push(Object.freeze({ segment, bus, slots: Object.freeze(slots) }));
  }
  return Object.freeze({
    kind: 'description',
    iommu,
    linux: Object.freeze({ release: undefined, words: Object.freeze(random.oneIn(8) ? ['iommu=pt'] : []) }),
    express,
    roots: Object.freeze(roots),
  });
}

interface Drawing {
  readonly random: Random;
  readonly iommu: IommuDescription;
  /** How many more there may be. */
  functions: number;
  /** Of software devices. */
  names: number;
  /** Behind a VMD, where no table can name anything. */
  inDomain: boolean;
}

function randomIommu(random: Random): IommuDescription {
  const kind = random.pick(['vtd', 'vtd', 'vtd', 'amdvi', 'amdvi', 'none'] as const);
  const off = kind !== 'none' && random.oneIn(12);
  return Object.freeze({ kind, interruptRemapping: kind !== 'none' && !off && !random.oneIn(5), off });
}

/** Room for 64 busses each. */
function randomRoots(random: Random): readonly (readonly [segment: number, bus: number])[] {
  return random.pick([
    [[0, 0]],
    [[0, 0]],
    [
      [0, 0],
      [0, 0x40],
    ],
    [
      [0, 0x80],
      [0, 0],
      [1, 0],
    ],
  ] as const);
}

function rootSlot(drawing: Drawing, express: boolean): Slot {
  const { random } = drawing;
  if (!express) return conventionalSlot(drawing, 0, true);
  const choice = random.below(12);
  if (choice < 6) return together(drawing, 3, () => port(drawing, 'rp', 0, true));
  if (choice < 9) return together(drawing, 4, () => endpoint(drawing, 'root'));
  if (choice === 9) return Object.freeze([bridge(drawing, 0, true)]);
  if (choice === 10 && random.oneIn(2)) return Object.freeze([vmd(drawing)]);
  return Object.freeze([fn(drawing, 'host', {})]);
}

/** One function, or several in one slot. */
function together(drawing: Drawing, most: number, draw: () => FunctionDescription): Slot {
  const count = drawing.random.oneIn(2) ? 1 : 1 + drawing.random.below(most);
  return Object.freeze(Array.from({ length: count }, draw));
}

function fn(
  drawing: Drawing,
  kind: string,
  options: FunctionOptions,
  below: readonly Slot[] = [],
  children: readonly string[] = [],
): FunctionDescription {
  drawing.functions--;
  return Object.freeze({
    kind,
    name: undefined,
    options: Object.freeze(options),
    below: Object.freeze(below),
    children: Object.freeze(children),
  });
}

/** Deeper than this nothing new is to be seen. */
const DEEPEST = 5;

function port(drawing: Drawing, kind: 'rp' | 'dsp', depth: number, isRoot: boolean): FunctionDescription {
  const { random } = drawing;
  const options: FunctionOptions = {
    ...randomAcs(random),
    ...quirkIds(random, kind),
    ...(random.oneIn(10) ? { ari: true } : {}),
    ...(isRoot ? unit(drawing) : {}),
    ...(random.oneIn(30) && isRoot ? rmrr(drawing) : {}),
    ...(random.oneIn(12) ? { spare: 1 + random.below(2) } : {}),
  };
  const slots = drawing.functions > 0 && !random.oneIn(8) ? [linkSlot(drawing, depth + 1)] : [];
  return fn(drawing, kind, options, slots);
}

function linkSlot(drawing: Drawing, depth: number): Slot {
  const { random } = drawing;
  const choice = depth < DEEPEST ? random.below(10) : 9;
  if (choice < 2) return together(drawing, 2, () => switchOf(drawing, depth));
  if (choice < 4) return Object.freeze([bridge(drawing, depth, false)]);
  if (choice === 4) return Object.freeze([endpoint(drawing, 'link'), switchOf(drawing, depth)]);
  if (choice === 5) return Object.freeze([withVirtual(drawing)]);
  return together(drawing, 4, () => endpoint(drawing, 'link'));
}

function switchOf(drawing: Drawing, depth: number): FunctionDescription {
  const { random } = drawing;
  const slots: Slot[] = [];
  const wanted = 1 + random.below(3);
  while (slots.length < wanted && (slots.length === 0 || drawing.functions > 0)) {
    slots.push(
      random.oneIn(10)
        ? Object.freeze([endpoint(drawing, 'link')])
        : together(drawing, 2, () => port(drawing, 'dsp', depth + 1, false)),
    );
  }
  // Some switches report the wrong direction.
  const wrong: FunctionOptions = random.oneIn(12) ? { type: 'downstream' } : {};
  return fn(drawing, 'switch', { ...(random.oneIn(3) ? randomAcs(random) : {}), ...wrong }, slots);
}

function bridge(drawing: Drawing, depth: number, isRoot: boolean): FunctionDescription {
  const { random } = drawing;
  const slots: Slot[] = [];
  const wanted = random.below(3);
  while (slots.length < wanted && drawing.functions > 0) slots.push(conventionalSlot(drawing, depth + 1, false));
  const ids = quirkIds(random, 'bridge');
  return fn(drawing, 'bridge', { ...ids, ...(isRoot ? unit(drawing) : {}) }, slots);
}

function conventionalSlot(drawing: Drawing, depth: number, isRoot: boolean): Slot {
  const { random } = drawing;
  if (depth < DEEPEST && random.oneIn(6)) return Object.freeze([bridge(drawing, depth, isRoot)]);
  if (depth < DEEPEST && !isRoot && random.oneIn(10)) {
    return Object.freeze([fn(drawing, 'reverse', {}, [linkSlot(drawing, depth + 1)])]);
  }
  return together(drawing, 3, () => {
    if (random.oneIn(6)) return controller(drawing, isRoot);
    const options: FunctionOptions = {
      ...(random.oneIn(4) ? { reset: random.pick(['af', 'pm'] as const) } : {}),
      ...(isRoot ? unit(drawing) : {}),
    };
    return fn(drawing, random.pick(['sound', 'scsi', 'usb'] as const), options);
  });
}

function controller(drawing: Drawing, isRoot: boolean): FunctionDescription {
  const count = 1 + drawing.random.below(2);
  const children = Array.from({ length: count }, () => `foo${++drawing.names}`);
  return fn(drawing, 'foobus', isRoot ? unit(drawing) : {}, [], children);
}

const ENDPOINTS = ['nvme', 'nic', 'gpu', 'audio', 'usb', 'sata', 'accel'] as const;

function endpoint(drawing: Drawing, on: 'root' | 'link'): FunctionDescription {
  const { random } = drawing;
  if (random.oneIn(16)) return controller(drawing, on === 'root');
  const type: FunctionOptions = random.oneIn(10)
    ? { type: random.pick(['legacy', 'collector', 'conventional', 'endpoint'] as const) }
    : {};
  const extended: FunctionOptions =
    type.type === 'conventional'
      ? {}
      : {
          ...(random.oneIn(3) ? randomAcs(random) : {}),
          ...(random.oneIn(4) ? { ats: !random.oneIn(4) } : {}),
          ...(random.oneIn(10) ? { pri: random.oneIn(2), pasid: random.oneIn(2) } : {}),
        };
  return fn(drawing, random.pick(ENDPOINTS), {
    ...type,
    ...extended,
    ...quirkIds(random, 'endpoint'),
    ...(random.oneIn(4) ? { reset: random.pick(['flr', 'af', 'pm', 'bus'] as const) } : {}),
    ...(random.oneIn(20) ? { multifunction: random.oneIn(2) } : {}),
    ...(random.oneIn(12) ? rmrr(drawing) : {}),
    ...(on === 'root' ? unit(drawing) : {}),
  });
}

function withVirtual(drawing: Drawing): FunctionDescription {
  const { random } = drawing;
  const total = 1 + random.below(4);
  const vfs: VirtualFunctionsDescription = {
    enabled: random.below(total + 1),
    total,
    ...random.pick([
      { offset: 128, stride: 1 },
      { offset: 8, stride: 2 },
      // The next bus.
      { offset: 256, stride: 1 },
    ]),
    ...(random.oneIn(3) ? randomAcs(random) : {}),
  };
  drawing.functions -= vfs.enabled;
  return fn(drawing, 'nic', {
    vfs: Object.freeze(vfs),
    ...(random.oneIn(3) ? { ats: !random.oneIn(3) } : {}),
    ...(random.oneIn(3) ? randomAcs(random) : {}),
  });
}

function vmd(drawing: Drawing): FunctionDescription {
  const { random } = drawing;
  const slots: Slot[] = [];
  const wanted = 1 + random.below(2);
  drawing.inDomain = true;
  while (slots.length < wanted) slots.push(Object.freeze([port(drawing, 'rp', 1, false)]));
  drawing.inDomain = false;
  return fn(drawing, 'vmd', {}, slots);
}

/** Half of the ports as they should be, the rest in all the ways in which they are not. */
function randomAcs(random: Random): FunctionOptions {
  const implemented = ACS_REQUIRED | ACS_TB;
  const choice = random.below(8);
  if (choice < 3) return { acs: Object.freeze({ capability: implemented, control: ACS_REQUIRED }) };
  if (choice < 5) return {};
  if (choice === 5) return { acs: Object.freeze({ capability: implemented, control: 0 }) };
  const capability = random.oneIn(2) ? implemented : random.below(0x80);
  return { acs: Object.freeze({ capability, control: random.below(0x80) & capability }) };
}

function quirkIds(random: Random, role: KnownIds['role']): FunctionOptions {
  if (!random.oneIn(12)) return {};
  const { ids, subsystem, type } = random.pick(QUIRK_IDS.filter((known) => known.role === role));
  return {
    id: Object.freeze({ vendor: ids[0], device: ids[1] }),
    ...(subsystem === undefined ? {} : { subsystem: Object.freeze({ vendor: subsystem[0], device: subsystem[1] }) }),
    ...(type === undefined ? {} : { type }),
  };
}

function rmrr({ iommu, inDomain }: Drawing): FunctionOptions {
  return iommu.kind === 'none' || inDomain ? {} : { rmrr: true };
}

/** Now and then a unit of its own, or none. */
function unit({ random, iommu }: Drawing): FunctionOptions {
  if (iommu.kind === 'none' || !random.oneIn(12)) return {};
  return { unit: random.pick([1, 2, null]) };
}
