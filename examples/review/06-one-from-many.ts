import { createManager, extendPolicy, POLICIES } from '@isogroups/core';
import { names, showGroups, start } from './start.ts';

// The host lives with peer-to-peer traffic inside the switch: three groups where a careful eye sees one.
const policy = extendPolicy(POLICIES.default, [{ kind: 'peer-to-peer' }]);
const { registry, device } = start('vtd; rp[acs] -> switch(dsp -> nvme, dsp -> nic, dsp -> usb)', { policy });
showGroups(registry);

// Somebody wants strong isolation for the disk. Nobody has to know which groups make it up.
const careful = registry.claim(createManager({ name: 'vault' }), [device('nvme')], POLICIES.default);
console.log(`${careful.manager.name} has ${careful.groups.length} groups: ${names(careful.devices)}`);
