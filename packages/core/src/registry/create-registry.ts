/**
 * @module Makes a registry for a machine: its calls, each as one change, on one shared state.
 */
import type { Device } from '../device.ts';
import { POLICIES } from '../policy.ts';
import { admit } from './admit.ts';
import { buildTree } from './build-tree.ts';
import { change, changeOrAnswer } from './change.ts';
import { grantClaim } from './claims.ts';
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
import { type GroupOperations, handleOf } from './group-record.ts';
import { addDevice, addWhileAsked, createGroup, freeGroup, removeDevice, removeWhileAsked } from './handmade.ts';
import { recordOf } from './misuse.ts';
import { createOutbox } from './outbox.ts';
import { checkPolicy, refresh, setPolicy } from './policies.ts';
import { registerProvider, unregisterProvider } from './providers.ts';
import type { Quarantine } from './quarantine.ts';
import type { GroupRecord } from './records.ts';
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
  return Object.freeze(registryOn(state, leave));
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

function registryOn(state: RegistryState, leave: () => void): Registry {
  const { sections, records } = state;
  const handle = (group: GroupRecord | undefined) => (group === undefined ? undefined : handleOf(state, group));
  const list = (busses: string | readonly string[]): readonly string[] =>
    typeof busses === 'string' ? [busses] : [...busses];
  return {
    get policy() {
      return state.policy;
    },
    get groups() {
      const place = ({ records, serial }: GroupRecord): number => records[0]?.serial ?? serial;
      return [...state.groups].sort((a, b) => place(a) - place(b)).map((group) => handleOf(state, group));
    },
    get claims() {
      return [...state.claims].map((claim) => claim.handle);
    },
    get quarantined() {
      return new Map([...state.quarantined].map((r) => [r.device, r.quarantine as Quarantine]));
    },
    registerProvider: (busses, provider) =>
      change(state, 'registering a provider', () => registerProvider(state, list(busses), provider)),
    unregisterProvider: (busses, provider) =>
      change(state, 'unregistering a provider', () => unregisterProvider(state, list(busses), provider)),
    createGroup: (request) => changeOrAnswer(state, 'creating a group', () => createGroup(state, request)),
    freeGroup: (group) => change(state, 'freeing a group', () => freeGroup(state, group)),
    groupOf: (device) => handle(records.get(device)?.group),
    domainOf: (device) => records.get(device)?.domain,
    groupNamed: (name) => handle(state.groupNames.get(name)),
    claim: (manager, wanted, policy) =>
      change(state, 'granting a claim', () => grantClaim(state, manager, wanted, policy)),
    mayBind(device, driver) {
      // Empty but for moments: the size spares every other question a look-up.
      if (state.announced.size > 0 && state.announced.has(device)) return false;
      const { gate } = records.get(device) ?? recordOf(state, device);
      return gate === undefined || gate.admits(driver);
    },
    admit: (device, claim) => change(state, 'admitting a device', () => admit(state, device, claim)),
    setPolicy: (policy) => change(state, 'changing the policy', () => setPolicy(state, policy)),
    refresh: () => sections.change('looking at the day', () => refresh(state)),
    tree: () => buildTree(state),
    on: (listener) => state.outbox.subscribe(listener),
    close: leave,
  };
}
