import type { Device } from '@isogroups/core';
import { refusal, start } from './start.ts';

const { registry, device } = start('vtd; rp[acs] -> nvme; rp[acs] -> nic');

// Somebody knows that two cards share a cable, and says so by hand. That is one more edge, not another kind of group.
const cable = registry.createGroup({ name: 'board/cable', provider: 'board' });
for (const name of ['nvme', 'nic']) cable.addDevice(device(name));
console.log(`one group now: ${registry.groupOf(device('nvme')) === registry.groupOf(device('nic'))}`);

// A mistake is an error with a name, not the end of the system, and nothing has changed after it.
console.log(refusal(() => cable.addDevice(device('nic'))));
const other = registry.createGroup({ name: 'board/other', provider: 'board' });
console.log(refusal(() => other.addDevice(device('nic'))));
console.log(refusal(() => registry.createGroup({ name: 'board/cable', provider: 'board' })));
const stranger: Device = { name: '0000:99:00.0', bus: 'pci', parent: undefined, driver: undefined };
console.log(refusal(() => other.addDevice(stranger)));
console.log(refusal(() => registry.freeGroup(cable)));
