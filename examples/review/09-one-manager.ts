import { createManager, POLICIES } from '@isogroups/core';
import { names, start } from './start.ts';

const { registry, iommus, device, group } = start('vtd; rp[acs] -> nvme; rp[acs] -> nic; rp[acs] -> usb');

// One virtual machine with three groups.
const vm = createManager({ name: 'vm1' });
registry.claim(vm, [group('nvme'), group('nic'), group('usb')], POLICIES.default);

// One domain for all of them: it is made on a group, and others come in. Nobody merges groups by their handles.
const domain = group('nvme').createDomain();
domain.attachGroup(group('nic'));
domain.attachGroup(group('usb'));
domain.map(0x0, 0x4000_0000, 2 ** 30, 'rw');
console.log(
  `${domain.groups.length} groups, ${names(domain.devices)}: ${domain.usage.mapped / 2 ** 20} MiB mapped once`,
);
for (const name of ['nvme', 'usb']) {
  const [requester = -1] = iommus.requestersOf(device(name));
  console.log(
    `${name} reads 0x1000 at 0x${iommus.translation.translate(requester, 0x1000, false, false).toString(16)}`,
  );
}

// And as many domains as it wants.
group('usb').releaseDomain();
console.log(`apart from the others: ${names(group('usb').createDomain().devices)}`);
