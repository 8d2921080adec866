import { expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { fakeMachine, tableProvider } from '../testing/fake-machine.ts';
import { VFIO_PCI, vfio } from '../testing/registry-on.ts';
import { thrownBy } from '../testing/thrown-by.ts';
import { createRegistry } from './create-registry.ts';
import { disabledRegistry } from './disabled-registry.ts';

const machine = fakeMachine();
const device = machine.plug('a');

it('has the calls of a registry', () => {
  const registry = createRegistry(machine);
  const calls = [...Object.keys(registry), ...Object.getOwnPropertyNames(Object.getPrototypeOf(registry))];
  expect(['constructor', ...Object.keys(disabledRegistry)].sort()).toEqual(calls.sort());
});

it('answers that there is no group, and that any driver may bind', () => {
  expect(disabledRegistry.groupOf(device)).toBeUndefined();
  expect(disabledRegistry.domainOf(device)).toBeUndefined();
  expect(disabledRegistry.groupNamed('ua/a')).toBeUndefined();
  expect(disabledRegistry.mayBind(device, VFIO_PCI)).toBe(true);
  expect([disabledRegistry.groups, disabledRegistry.claims, disabledRegistry.quarantined.size]).toEqual([[], [], 0]);
  expect(disabledRegistry.tree()).toEqual({ directories: [], links: [], files: [] });
  disabledRegistry.on(() => undefined)();
  disabledRegistry.refresh();
  disabledRegistry.close();
});

it.each([
  ['registerProvider', () => disabledRegistry.registerProvider('pci', tableProvider('t', []))],
  ['unregisterProvider', () => disabledRegistry.unregisterProvider('pci', tableProvider('t', []))],
  ['createGroup', () => disabledRegistry.createGroup({ name: 'a', provider: 'b' })],
  ['freeGroup', () => disabledRegistry.freeGroup(createRegistry(machine).groups[0] as never)],
  ['claim', () => disabledRegistry.claim(vfio(), [device], POLICIES.lab)],
  ['admit', () => disabledRegistry.admit(device)],
  ['setPolicy', () => disabledRegistry.setPolicy(POLICIES.lab)],
] as const)('refuses %s', (name, call) => {
  expect(thrownBy(call).message).toBe(`ENOSYS: ${name}: isolation groups are switched off: use createRegistry`);
});
