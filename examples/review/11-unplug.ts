import { createManager, POLICIES } from '@isogroups/core';
import { names, start } from './start.ts';

const { machine, registry, device, group } = start('vtd; rp[acs] -> nvme; rp[acs] -> nic');
const vm = createManager({
  name: 'vm1',
  deviceAdded: (added, into) => console.log(`  added: ${names([added])}, in the domain: ${into.domain !== undefined}`),
  deviceRemoving: (going) =>
    console.log(`  removing: ${names([going])}, still there: ${registry.groupOf(going) !== undefined}`),
});
const claim = registry.claim(vm, [group('nvme')], POLICIES.default);
const slot = group('nvme');
const domain = slot.createDomain();
domain.map(0x0, 0x1_0000_0000, 2 ** 21, 'rw');

console.log('unplug');
machine.unplug('nvme');
console.log(
  `  ${slot.devices.length} devices, still claimed by ${slot.manager?.name}, ${domain.usage.mapped / 2 ** 20} MiB mapped`,
);

console.log('plug another one into the same slot');
machine.plug('nvme', 'rp');
console.log(`  the claim has ${names(claim.devices)}`);
console.log(`  may its old driver bind? ${registry.mayBind(device('nvme'), { name: 'nvme' })}`);
