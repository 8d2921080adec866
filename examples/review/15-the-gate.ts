import { createManager, POLICIES } from '@isogroups/core';
import { refusal, start } from './start.ts';

const { machine, registry, device, group } = start('vtd; rp[acs] -> {gpu, audio}; rp[acs] -> nic');
const vfioPci = { name: 'vfio-pci', bus: 'pci', match: () => true };
machine.registerDriver(vfioPci);

// A device of a claimed group matches only the drivers of its manager. All others go by as before.
const vfio = createManager({ name: 'vfio' });
vfio.allowDriver(vfioPci);
const claim = registry.claim(vfio, [group('gpu')], POLICIES.default);
for (const { device: held, driver } of claim.blockers) console.log(`${held.name} is still driven by ${driver.name}`);

const nouveau = device('gpu').driver;
for (const name of ['gpu', 'audio']) machine.unbind(device(name));
console.log(`locked, without a driver: ${claim.locked}`);
machine.bind(device('gpu'), vfioPci);
console.log(`locked, with vfio-pci at the gpu: ${claim.locked}`);

console.log(`may ${nouveau?.name} match the gpu? ${nouveau !== undefined && registry.mayBind(device('gpu'), nouveau)}`);
const snd = machine.drivers.find((driver) => driver.name === 'snd_hda_intel');
if (snd !== undefined) console.log(refusal(() => machine.bind(device('audio'), snd)));
console.log(`may vfio-pci match the network card? ${registry.mayBind(device('nic'), vfioPci)}`);
