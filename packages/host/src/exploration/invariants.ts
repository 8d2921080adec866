/**
 * @module What must hold in every situation, and at the end of every story.
 */
import { type ClaimState, isStanding } from '../claims/claim-state.ts';
import type { FakeDevice, KernelState } from '../testing/kernel-state.ts';
import { recoverProtocol } from '../transaction/return-protocols.ts';
import { type Actor, startActor } from './actor.ts';
import { act, claimsNow, claimsOnDisk, type World } from './world.ts';

/** @param start The kernel as it was before anybody acted. @returns what is broken, or undefined. */
export function broken(world: World, start: KernelState): string | undefined {
  const claims = claimsNow(world).filter((c) => isStanding(c) && c.boot === bootOf(world.kernel));
  return oneHolder(claims) ?? wayHome(world, start) ?? rightDriver(world, claims) ?? mixed(world) ?? toldTrue(world);
}

const bootOf = ({ boot }: KernelState): string => `boot-${boot}`;

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
function wayHome(world: World, start: KernelState): string | undefined {
  const { kernel } = world;
  const claims = claimsOnDisk(world).filter(isStanding);
  for (const device of kernel.devices) {
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
function rightDriver({ kernel }: World, claims: readonly ClaimState[]): string | undefined {
  for (const { id, status, members, company } of claims) {
    if (status !== 'held') continue;
    const taken = kernel.devices.find((d) => d.taken && d.present && company.includes(d.address));
    if (taken !== undefined) return `${id} is held and ${taken.address}, which stays, has ${taken.driver}`;
    for (const { device, target } of members) {
      const now = kernel.devices.find((d) => d.address === device && d.present);
      if (now !== undefined && target !== null && now.driver !== target)
        return `${id} is held and ${device} has ${now.driver}`;
    }
  }
  return undefined;
}

/** No driver of the host is in a group that VFIO has a member of, as far as it is for us to say. */
function mixed({ kernel: { devices } }: World): string | undefined {
  const vfio = devices.filter((d) => d.driver === 'vfio-pci');
  const other = devices.find(
    (d) => !d.taken && d.driver !== null && d.driver !== 'vfio-pci' && vfio.some((v) => v.group === d.group),
  );
  return other === undefined ? undefined : `${other.address} has ${other.driver} in a group that VFIO has a member of`;
}

/** Who was told "claimed" finds the claim in the journal, unless it was brought home since. */
function toldTrue(world: World): string | undefined {
  const onDisk = claimsOnDisk(world);
  for (const { result } of world.actors) {
    const { kind, claim } = (result ?? {}) as { kind?: string; claim?: ClaimState };
    if (kind !== 'claimed' || claim === undefined) continue;
    const found = onDisk.find((c) => c.id === claim.id);
    if (found?.heldSince === undefined) return `${claim.id} was reported as claimed, and the journal does not say so`;
  }
  return undefined;
}

/**
 * When nobody acts any more: recovery brings home all that no held claim has, whatever hangs is spared, and a second
 * recovery finds nothing to do. Then what hangs returns, and recovery brings that home as well.
 */
export function badEnding(
  world: World,
  start: KernelState,
  settle: (kernel: KernelState) => KernelState,
): string | undefined {
  const once = recovered(world);
  const first = broken(once.world, start) ?? notHome(once.world, start, true);
  if (first !== undefined) return `after recovery: ${first}`;
  const twice = recovered(once.world);
  if (twice.operations > 0 && once.world.kernel.hung.length === 0) return 'a second recovery found something to do';
  const returned = recovered({ ...twice.world, kernel: settle(twice.world.kernel) });
  const last = broken(returned.world, start) ?? notHome(returned.world, start, false);
  return last === undefined ? undefined : `after everything returned: ${last}`;
}

function recovered(world: World): { world: World; operations: number } {
  let operations = 0;
  const actor: Actor = startActor({ name: 'final recovery', start: () => recoverProtocol(0) }, world.actors.length);
  let now: World = { ...world, lock: undefined, actors: [...world.actors, actor] };
  const index = now.actors.length - 1;
  for (let a = actor; a.pending !== undefined; a = now.actors[index] as Actor) {
    if (a.pending.kind === 'do') operations += 1;
    now = act(now, index);
  }
  return { world: { ...now, actors: world.actors }, operations };
}

function notHome(world: World, start: KernelState, spareHung: boolean): string | undefined {
  const { kernel } = world;
  const held = claimsNow(world).filter((c) => c.status === 'held');
  const kept = new Set(held.flatMap((c) => c.members.map((m) => m.device)));
  // Nor can those come home that share a group with what hangs.
  const hung = new Set(spareHung ? kernel.hung.map((h) => h.step.device) : []);
  const spared = new Set(kernel.devices.filter((d) => hung.has(d.address)).map((d) => d.group));
  for (const device of kernel.devices) {
    if (!device.present || device.taken || kept.has(device.address) || spared.has(device.group)) continue;
    const before = start.devices.find((d) => d.address === device.address) as FakeDevice;
    if (!sameBinding(device, before)) return `${device.address} is not home: ${device.driver} ${device.override}`;
  }
  return undefined;
}
