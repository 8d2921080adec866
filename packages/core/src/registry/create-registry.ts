/**
 * @module Makes a registry for a machine: its state, what is asked of its groups, and what it hears of the machine.
 */
import type { Device } from '../device.ts';
import { POLICIES } from '../policy.ts';
import { change, changeOrAnswer } from './change.ts';
import type { DeviceModel } from './device-model.ts';
import {
  createDeviceRecord,
  deviceAdded,
  deviceChanged,
  deviceRemoved,
  deviceRemoving,
  driverBound,
} from './devices.ts';
import { aroundDomainChange, createGroupDomain, releaseGroupDomain, setIommuOps } from './group-domains.ts';
import type { GroupOperations } from './group-record.ts';
import { addDevice, addWhileAsked, removeDevice, removeWhileAsked } from './handmade.ts';
import { LivingRegistry } from './living-registry.ts';
import { createOutbox } from './outbox.ts';
import { checkPolicy, refresh } from './policies.ts';
import type { Registry, RegistryOptions } from './registry.ts';
import { regroup } from './regroup.ts';
import { createSections } from './sections.ts';
import { type RegistryState, todayOf } from './state.ts';
import { rezone } from './zones.ts';

/**
 * The registry of a machine. It knows all devices at once; before providers are registered nothing is known of them but what
 * sits on what, so nothing can be claimed.
 *
 * ```ts
 * const registry = createRegistry(machine, { now: () => new Date().toISOString() });
 * registry.registerProvider('pci', pciProvider(machine));
 * const claim = registry.claim(vfio, [nvme], POLICIES.strict);
 * ```
 * @throws InvalidError a policy that accepts what none can, or a machine that names children before parents
 */
export function createRegistry(model: DeviceModel, options: RegistryOptions = {}): Registry {
  const state = createState(model, options);
  checkPolicy(state.policy);
  const present = [...model.devices()].map((device) => createDeviceRecord(state, device));
  regroup(state, rezone(present));
  state.outbox.deliver();
  const leave = model.subscribe(listenerOf(state));
  return new LivingRegistry(state, leave);
}

/** Without accessors: one would make it a hash table to V8, and a look-up of every field that the gate reads. */
function createState(model: DeviceModel, options: RegistryOptions): RegistryState {
  const outbox = createOutbox();
  return {
    model,
    options,
    outbox,
    sections: createSections(outbox),
    groupOperations: GROUP_OPERATIONS,
    records: new Map(),
    groups: new Set(),
    groupNames: new Map(),
    recordOfGroup: new WeakMap(),
    claims: new Set(),
    registrations: [],
    quarantined: new Set(),
    stuck: new Set(),
    conflicts: new Map(),
    madeMeanwhile: new Set(),
    domainCall: undefined,
    announced: new Set(),
    policy: options.policy ?? POLICIES.default,
    today: todayOf(options),
    nextSerial: 0,
  };
}

/** What is asked of a group. */
const GROUP_OPERATIONS: GroupOperations = Object.freeze<GroupOperations>({
  addDevice: (state, group, device) =>
    changeOrAnswer(
      state,
      'adding a device to a group',
      () => addDevice(state, group, device),
      () => addWhileAsked(state, group, device),
    ),
  removeDevice: (state, group, device) =>
    changeOrAnswer(
      state,
      'removing a device from a group',
      () => removeDevice(state, group, device),
      () => removeWhileAsked(state, group, device),
    ),
  setIommuOps: (state, group, ops) =>
    changeOrAnswer(state, 'setting IOMMU operations', () => setIommuOps(state, group, ops)),
  createDomain: (state, group) => change(state, 'creating a domain', () => createGroupDomain(state, group)),
  releaseDomain: (state, group) => change(state, 'releasing a domain', () => releaseGroupDomain(state, group)),
  aroundDomainChange,
});

function listenerOf(state: RegistryState): Parameters<DeviceModel['subscribe']>[0] {
  const happened = (what: string, act: (s: RegistryState, device: Device) => void) => (device: Device) =>
    state.sections.happened(`${what} ${device.name}`, () => {
      refresh(state);
      act(state, device);
    });
  const add = happened('adding', deviceAdded);
  return {
    added(device) {
      state.announced.add(device);
      add(device);
    },
    removing(device) {
      // Its manager may act while the device is still there, so this is no change of its own.
      deviceRemoving(state, device);
      if (!state.sections.changing) state.outbox.deliver();
    },
    removed: happened('removing', deviceRemoved),
    changed: happened('looking again at', deviceChanged),
    bound: (device) => {
      driverBound(state, device);
      if (!state.sections.changing) state.outbox.deliver();
    },
    unbound() {
      // Claims read `device.driver` when they are asked.
    },
  };
}
