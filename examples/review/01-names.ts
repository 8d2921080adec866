import { createRegistry } from '@isogroups/core';
import { showGroups, start } from './start.ts';

const MACHINE = 'vtd; rp[acs] -> nvme; rp[acs] -> {gpu, audio}';
const { registry, group } = start(MACHINE);
showGroups(registry);

// The same machine at another boot: the same names, and UUIDs that follow from them.
const again = start(MACHINE).group('gpu');
console.log(`uuid ${group('gpu').uuid}, at the next boot the same: ${again.uuid === group('gpu').uuid}`);

// Devices of two busses may have one name. Their links in the group's directory get numbers.
const devices = ['usb', 'pci'].map((bus) => ({ name: 'eth0', bus, parent: undefined, driver: undefined }));
const board = createRegistry({ devices: () => devices, subscribe: () => () => {} });
const ports = board.createGroup({ name: 'board/ports', provider: 'board' });
for (const device of devices) ports.addDevice(device);
for (const link of board.tree().links) console.log(`${link.path} -> ${link.target}`);
