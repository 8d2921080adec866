import { createManager, POLICIES } from '@isogroups/core';
import { refusal, start } from './start.ts';

// The firmware shares memory with the USB controller, and wants it mapped at all times.
const { registry, iommus, device, group } = start('vtd; rp[acs] -> usb[rmrr]; rp[acs] -> nic');

// Any group can have a domain, for the drivers of the host. Nobody has to claim it, and here nobody can.
const domain = group('usb').createDomain();
domain.map(0x10_0000, 0x8000_0000, 4096, 'r');
domain.onFault((fault) => console.log(`fault: ${fault.access} at 0x${fault.address.toString(16)}, ${fault.reason}`));
const [requester = -1] = iommus.requestersOf(device('usb'));
console.log(`reads at 0x${iommus.translation.translate(requester, 0x10_0010, false, false).toString(16)}`);
iommus.translation.translate(requester, 0x10_0010, true, false);

console.log(refusal(() => registry.claim(createManager({ name: 'vfio' }), [group('usb')], POLICIES.default)));
