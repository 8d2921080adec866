import { expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { fakeMachine, tableProvider } from '../testing/fake-machine.ts';
import { createRegistry } from './create-registry.ts';
import { createManager } from './manager.ts';

it('leaves the groups of the claim what they were, without an owner', () => {
  const machine = fakeMachine();
  const a = machine.plug('a');
  machine.plug('b');
  const registry = createRegistry(machine);
  registry.registerProvider('pci', tableProvider('table', [['a', 'b', 'peer-to-peer']]));
  const group = registry.groupOf(a);
  const claim = registry.claim(createManager({ name: 'vm1' }), [a], POLICIES.default);
  const driver = { name: 'some' };
  expect([claim.groups, registry.mayBind(a, driver)]).toEqual([[group], false]);

  const events: string[] = [];
  registry.on((event) => events.push(event.kind));
  claim.release();
  expect(registry.groupOf(a)).toBe(group);
  expect([group?.present, group?.manager, registry.mayBind(a, driver)]).toEqual([true, undefined, true]);
  expect(events).toEqual(['released']);
});
