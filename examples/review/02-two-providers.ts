import { createManager, type IsolationProvider, POLICIES } from '@isogroups/core';
import { names, refusal, start } from './start.ts';

const { registry, device, group } = start('vtd; rp[acs] -> nvme; rp[acs] -> nic');
registry.on((event) => {
  if (event.kind === 'conflict')
    console.log(`conflict at ${names([event.device])}: ${event.providers.join(' and ') || 'gone'}`);
});

// A second provider says that it serves the NVMe disk as well.
const nvme = device('nvme');
const board: IsolationProvider = {
  name: 'board',
  deviceAdded: (added) =>
    added === nvme
      ? {
          devices: [nvme],
          graph: () => ({
            parties: { count: 1, nameOf: () => nvme.name, isBridge: () => false, unitOf: () => 'board0' },
            interferences: [],
          }),
        }
      : undefined,
  deviceRemoved: () => [],
};
registry.registerProvider('pci', board);

const vfio = createManager({ name: 'vfio' });
console.log(refusal(() => registry.claim(vfio, [group('nvme')], POLICIES.default)));
console.log(
  `the network card is not concerned: ${names(registry.claim(vfio, [group('nic')], POLICIES.default).devices)}`,
);

registry.unregisterProvider('pci', board);
console.log(`claimed: ${names(registry.claim(vfio, [group('nvme')], POLICIES.default).devices)}`);
