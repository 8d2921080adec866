import { describe, expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { fakeMachine, tableProvider } from '../testing/fake-machine.ts';
import { createRegistry } from './create-registry.ts';
import type { RegistryEvent } from './events.ts';

/** Groups as text: `ua/a: a b`. */
function shown(registry: ReturnType<typeof createRegistry>): readonly string[] {
  return registry.groups.map((g) => `${g.name}: ${g.devices.map((d) => d.name).join(' ')}`).sort();
}

describe('groups', () => {
  it('are the components under the policy, named after unit and lowest member', () => {
    const machine = fakeMachine();
    for (const name of ['a', 'b', 'c', 'd']) machine.plug(name);
    const registry = createRegistry(machine);
    registry.registerProvider(
      'pci',
      tableProvider('table', [
        ['a', 'b', 'peer-to-peer'],
        ['c', 'd', 'forged-requester'],
      ]),
    );
    expect(shown(registry)).toEqual(['ua/a: a b', 'uc/c: c', 'ud/d: d']);
    registry.setPolicy(POLICIES.strict);
    expect(shown(registry)).toEqual(['ua/a: a b', 'uc/c: c d']);
  });

  it('tell what happens to them', () => {
    const machine = fakeMachine();
    const registry = createRegistry(machine);
    registry.registerProvider(
      'pci',
      tableProvider('table', [
        ['a', 'b', 'peer-to-peer'],
        ['b', 'c', 'peer-to-peer'],
      ]),
    );
    const events: RegistryEvent[] = [];
    registry.on((event) => events.push(event));
    machine.plug('a');
    machine.plug('c');
    const b = machine.plug('b');
    machine.unplug(b);
    expect(events.map((e) => e.kind)).toEqual([
      ...['group-created', 'group-created'],
      ...['merged', 'group-changed', 'group-freed'],
      ...['group-created', 'split', 'group-changed'],
    ]);
    expect(shown(registry)).toEqual(['ua/a: a', 'uc/c: c']);
  });
});
