import { createManager, extendPolicy, POLICIES } from '@isogroups/core';
import { names, start } from './start.ts';

// A risk is accepted at one place, by somebody, for a reason, until a day.
let now = '2026-12-24T08:00:00Z';
const policy = extendPolicy(POLICIES.default, [
  { kind: 'interrupts', reason: 'firmware without remapping, replaced in spring', by: 'ops', until: '2027-03-31' },
]);
const { registry, group } = start('vtd[intremap=off]; rp[acs] -> nvme', { policy, now: () => now });
const vm = createManager({
  name: 'vm1',
  isolationLost: (claim, losses) =>
    console.log(
      `${now.slice(0, 10)}: ${names(claim.devices)} is not isolated any more: ${losses.map((l) => l.kind).join(', ')}`,
    ),
});
const claim = registry.claim(vm, [group('nvme')], policy);
console.log(`${claim.since}: claimed under ${claim.policy.name}`);

now = '2027-03-31T23:59:59Z';
registry.refresh();
console.log(`${now.slice(0, 10)}: ${claim.losses.length} losses`);
now = '2027-04-01T00:00:00Z';
registry.refresh();
console.log(`the claim stands, and says so: ${claim.standing}, ${claim.losses.length} loss`);
