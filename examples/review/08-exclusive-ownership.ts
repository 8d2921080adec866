import { createManager, extendPolicy, POLICIES } from '@isogroups/core';
import { names, refusal, start } from './start.ts';

const { registry, device } = start(
  'vtd; rp -> bridge -> (sound, foobus -> (foo1, foo2)); rp[acs] -> switch(dsp -> nvme, dsp -> nic)',
);
const [one, two] = [createManager({ name: 'one' }), createManager({ name: 'two' })];

// Ownership is of devices: who has the card has what sits on it, however deep.
const card = registry.claim(one, [device('foobus')], POLICIES.default);
console.log(`one has ${names(card.devices)}`);
console.log(refusal(() => registry.claim(two, [device('foo1')], POLICIES.default)));

// Two claims may hold under two policies. The stricter one takes in more, and finds what the other has.
const trusting = extendPolicy(POLICIES.default, [{ kind: 'peer-to-peer' }]);
const disk = registry.claim(one, [device('nvme')], trusting);
console.log(`one has ${names(disk.devices)}, under ${disk.policy.name}`);
console.log(refusal(() => registry.claim(two, [device('nic')], POLICIES.default)));
console.log(`under ${trusting.name}: ${names(registry.claim(two, [device('nic')], trusting).devices)}`);
