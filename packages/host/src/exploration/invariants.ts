/**
 * @module What must hold in every situation, and at the end of every story.
 */
import { type ClaimState, isStanding } from '../claims/claim-state.ts';
import { type FakeDevice, type HungWrite, type KernelState, settle } from '../testing/kernel-state.ts';
import { recoverProtocol } from '../transaction/return-protocols.ts';
import type { Program } from './actor.ts';
import { createPairMemo, createPairs } from './numbering.ts';
import { bootOf, standingClaims, type Universe, type World } from './world.ts';

export interface Invariants {
  /** @returns what is broken, or undefined */
  broken(world: World): string | undefined;
  /**
   * When nobody acts any more: recovery brings home all that no held claim has, whatever hangs is spared, and a second
   * recovery finds nothing to do. Then what hangs returns, and recovery brings that home as well.
   */
  badEnding(world: World): string | undefined;
}

/** @param start The kernel as it was before anybody acted. */
export function createInvariants(universe: Universe, start: KernelState): Invariants {
  const journals = createPairs();
  const situations = createPairs();
  // Both depend on little of the world, and that little comes about again and again.
  const things = createPairMemo<{ readonly says: string | undefined }>();
  const ends = createPairMemo<{ readonly says: string | undefined }>();
  const toldNumber = (world: World): number => {
    let number = 0;
    for (const { told } of world.actors) if (told !== undefined) number += 1 << Number(told.slice(1));
    return number;
  };
  const inMachine = (world: World): string | undefined => {
    const claims = standingClaims(world);
    return oneHolder(claims) ?? wayHome(world, start) ?? rightDriver(world, claims) ?? mixed(world);
  };
  const broken = (world: World): string | undefined => {
    const { kernel, journal, disk } = world;
    const { says } = things(kernel.id, journals(journal.id, disk.id), () => ({ says: inMachine(world) }));
    return says ?? toldTrue(world);
  };
  const badEnding = (world: World): string | undefined => {
    const once = recovered(universe, world);
    const first = broken(once.world) ?? notHome(once.world, start, true);
    if (first !== undefined) return `after recovery: ${first}`;
    const twice = recovered(universe, once.world);
    const { hung } = twice.world.kernel.state;
    if (twice.operations > 0 && hung.length === 0) return 'a second recovery found something to do';
    for (const state of returns(twice.world.kernel.state, hung)) {
      const last = recovered(universe, universe.become(twice.world, state)).world;
      const says = broken(last) ?? notHome(last, start, false);
      if (says !== undefined) return `after everything returned: ${says}`;
    }
    return undefined;
  };
  return {
    broken,
    badEnding(world) {
      const { kernel, journal, disk } = world;
      const situation = situations(kernel.id, journals(journal.id, disk.id));
      return ends(situation, toldNumber(world), () => ({ says: badEnding(world) })).says;
    },
  };
}

/** What hangs may have had its effect or not when it returns, each write for itself. */
function returns(state: KernelState, hung: readonly HungWrite[]): readonly KernelState[] {
  const [first, ...rest] = hung;
  if (first === undefined) return [state];
  return [true, false].flatMap((takesEffect) => returns(settle(state, first, takesEffect), rest));
}

function oneHolder(claims: readonly ClaimState[]): string | undefined {
  const holder = new Map<string, string>();
  for (const { id, members } of claims) {
    for (const { device } of members) {
      const other = holder.get(device);
      if (other !== undefined) return `${device} belongs to ${other} and to ${id}`;
      holder.set(device, id);
    }
  }
  return undefined;
}

/** Looks only at what is on disk: that is all that is left after the worst. */
function wayHome({ kernel, disk }: World, start: KernelState): string | undefined {
  const claims = disk.claims.filter(isStanding);
  for (const device of kernel.state.devices) {
    const before = start.devices.find((d) => d.address === device.address) as FakeDevice;
    if (!device.present || device.taken || sameBinding(device, before)) continue;
    const member = claims
      .filter((c) => c.boot === bootOf(kernel))
      .flatMap((c) => c.members)
      .find((m) => m.device === device.address);
    if (member === undefined) return `${device.address} is not as it was, and no standing claim in the journal has it`;
    if (member.before.driver !== before.driver || member.before.override !== before.override) {
      return `the journal knows another way home for ${device.address}`;
    }
  }
  return undefined;
}

const sameBinding = (a: FakeDevice, b: FakeDevice): boolean =>
  a.driver === b.driver && a.override === b.override && a.vfs === b.vfs;

/**
 * A held claim has each of its devices with the driver that it promised, or the device is not there any more; and those of
 * its groups that stay have none that nobody looked at.
 */
function rightDriver({ kernel: { state } }: World, claims: readonly ClaimState[]): string | undefined {
  for (const { id, status, members, company } of claims) {
    if (status !== 'held') continue;
    const taken = state.devices.find((d) => d.taken && d.present && company.includes(d.address));
    if (taken !== undefined) return `${id} is held and ${taken.address}, which stays, has ${taken.driver}`;
    for (const { device, target } of members) {
      const now = state.devices.find((d) => d.address === device && d.present);
      if (now !== undefined && target !== null && now.driver !== target)
        return `${id} is held and ${device} has ${now.driver}`;
    }
  }
  return undefined;
}

/** No driver of the host is in a group that VFIO has a member of, as far as it is for us to say. */
function mixed({ kernel }: World): string | undefined {
  const { devices } = kernel.state;
  const vfio = devices.filter((d) => d.driver === 'vfio-pci');
  const other = devices.find(
    (d) => !d.taken && d.driver !== null && d.driver !== 'vfio-pci' && vfio.some((v) => v.group === d.group),
  );
  return other === undefined ? undefined : `${other.address} has ${other.driver} in a group that VFIO has a member of`;
}

/** Who was told "claimed" finds the claim in the journal, unless it was brought home since. */
function toldTrue({ actors, disk }: World): string | undefined {
  for (const { told } of actors) {
    if (told === undefined) continue;
    const found = disk.claims.find((c) => c.id === told);
    if (found?.heldSince === undefined) return `${told} was reported as claimed, and the journal does not say so`;
  }
  return undefined;
}

const FINAL: Program = { name: 'final recovery', start: () => recoverProtocol(0) };

function recovered(universe: Universe, world: World): { world: World; operations: number } {
  let operations = 0;
  const index = world.actors.length;
  let now = universe.enter(world, FINAL);
  for (let a = now.actors[index]; a?.pending !== undefined; a = now.actors[index]) {
    if (a.pending.kind === 'do') operations += 1;
    now = universe.act(now, index);
  }
  return { world: { ...now, actors: world.actors }, operations };
}

function notHome({ kernel, journal }: World, start: KernelState, spareHung: boolean): string | undefined {
  const held = journal.claims.filter((c) => c.status === 'held');
  const kept = new Set(held.flatMap((c) => c.members.map((m) => m.device)));
  const { devices, hung: writes } = kernel.state;
  // Nor can those come home that share a group with what hangs.
  const hung = new Set(spareHung ? writes.map((h) => h.step.device) : []);
  const spared = new Set(devices.filter((d) => hung.has(d.address)).map((d) => d.group));
  for (const device of devices) {
    if (!device.present || device.taken || kept.has(device.address) || spared.has(device.group)) continue;
    const before = start.devices.find((d) => d.address === device.address) as FakeDevice;
    if (!sameBinding(device, before)) return `${device.address} is not home: ${device.driver} ${device.override}`;
  }
  return undefined;
}
