import { createManager, POLICIES } from '@isogroups/core';
import { refusal, showGroups, start } from './start.ts';

// One root port is served by a unit of VT-d, the other by none.
const { registry, group } = start('vtd; rp[acs] -> nvme; rp[acs,unit=none] -> nic');
showGroups(registry);

// The network card has a group like any other. What makes it unfit is an edge: it reaches the host.
const vfio = createManager({ name: 'vfio' });
console.log(refusal(() => registry.claim(vfio, [group('nic')], POLICIES.lab)));
