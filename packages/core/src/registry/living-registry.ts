/**
 * @module The registry of a machine that lives: its calls, each as one change, on one shared state.
 */
import type { Device, Driver } from '../device.ts';
import type { Domain } from '../domain/domain.ts';
import type { Policy } from '../policy.ts';
import { admit } from './admit.ts';
import { buildTree } from './build-tree.ts';
import { change, changeOrAnswer } from './change.ts';
import type { Claim } from './claim.ts';
import { grantClaim } from './claims.ts';
import type { RegistryListener } from './events.ts';
import type { Group } from './group.ts';
import { handleOf } from './group-record.ts';
import { createGroup, freeGroup } from './handmade.ts';
import type { Manager } from './manager.ts';
import { recordOf } from './misuse.ts';
import { refresh, setPolicy } from './policies.ts';
import type { IsolationProvider } from './provider.ts';
import { registerProvider, unregisterProvider } from './providers.ts';
import type { Quarantine } from './quarantine.ts';
import type { GroupRecord } from './records.ts';
import type { GroupRequest, Registry } from './registry.ts';
import type { RegistryState } from './state.ts';
import type { RegistryTree } from './tree.ts';

/**
 * A class, since an object literal with getters is a dictionary to V8: each question at the gate would search it for `mayBind`.
 */
export class LivingRegistry implements Registry {
  readonly #state: RegistryState;
  readonly #leave: () => void;
  /** No method: it is handed to whoever binds drivers. */
  readonly mayBind: (device: Device, driver: Driver) => boolean;

  constructor(state: RegistryState, leave: () => void) {
    this.#state = state;
    this.#leave = leave;
    this.mayBind = (device, driver) => {
      const { announced, records } = state;
      // Empty but for moments: the size spares every other question a look-up.
      if (announced.size > 0 && announced.has(device)) return false;
      const { gate } = records.get(device) ?? recordOf(state, device);
      return gate === undefined || gate.has(driver);
    };
    Object.freeze(this);
  }

  get policy(): Policy {
    return this.#state.policy;
  }

  get groups(): readonly Group[] {
    const place = ({ records, serial }: GroupRecord): number => records[0]?.serial ?? serial;
    return [...this.#state.groups].sort((a, b) => place(a) - place(b)).map((group) => handleOf(this.#state, group));
  }

  get claims(): readonly Claim[] {
    return [...this.#state.claims].map((claim) => claim.handle);
  }

  get quarantined(): ReadonlyMap<Device, Quarantine> {
    return new Map([...this.#state.quarantined].map((r) => [r.device, r.quarantine as Quarantine]));
  }

  registerProvider(busses: string | readonly string[], provider: IsolationProvider): void {
    const state = this.#state;
    change(state, 'registering a provider', () => registerProvider(state, listOf(busses), provider));
  }

  unregisterProvider(busses: string | readonly string[], provider: IsolationProvider): void {
    const state = this.#state;
    change(state, 'unregistering a provider', () => unregisterProvider(state, listOf(busses), provider));
  }

  createGroup(request: GroupRequest): Group {
    const state = this.#state;
    return changeOrAnswer(state, 'creating a group', () => createGroup(state, request));
  }

  freeGroup(group: Group): void {
    const state = this.#state;
    change(state, 'freeing a group', () => freeGroup(state, group));
  }

  groupOf(device: Device): Group | undefined {
    return this.#handle(this.#state.records.get(device)?.group);
  }

  domainOf(device: Device): Domain | undefined {
    return this.#state.records.get(device)?.domain;
  }

  groupNamed(name: string): Group | undefined {
    return this.#handle(this.#state.groupNames.get(name));
  }

  claim(manager: Manager, wanted: readonly (Group | Device)[], policy: Policy): Claim {
    const state = this.#state;
    return change(state, 'granting a claim', () => grantClaim(state, manager, wanted, policy));
  }

  admit(device: Device, claim?: Claim): void {
    const state = this.#state;
    change(state, 'admitting a device', () => admit(state, device, claim));
  }

  setPolicy(policy: Policy): void {
    const state = this.#state;
    change(state, 'changing the policy', () => setPolicy(state, policy));
  }

  refresh(): void {
    const state = this.#state;
    state.sections.change('looking at the day', () => refresh(state));
  }

  tree(): RegistryTree {
    return buildTree(this.#state);
  }

  on(listener: RegistryListener): () => void {
    return this.#state.outbox.subscribe(listener);
  }

  close(): void {
    this.#leave();
  }

  #handle(group: GroupRecord | undefined): Group | undefined {
    return group === undefined ? undefined : handleOf(this.#state, group);
  }
}

function listOf(busses: string | readonly string[]): readonly string[] {
  return typeof busses === 'string' ? [busses] : [...busses];
}
