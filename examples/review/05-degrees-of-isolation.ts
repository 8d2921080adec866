import { createManager, extendPolicy, isPolicyError, POLICIES, parseAcceptances } from '@isogroups/core';
import { names, refusal, start } from './start.ts';

// Interrupts are not remapped, and the ports of the switch send requests to each other.
const MACHINE = 'vtd[intremap=off]; rp[acs] -> switch(dsp -> nvme, dsp -> nic)';
const vfio = createManager({ name: 'vfio' });

for (const accepted of ['', 'nop2p', 'nomsi', 'nomsi,nop2p']) {
  const acceptances = accepted === '' ? [] : parseAcceptances(`isolation_allow=${accepted}`);
  if (isPolicyError(acceptances)) throw new Error(acceptances.message);
  const policy = extendPolicy(POLICIES.default, acceptances);
  const { registry, group } = start(MACHINE, { policy });
  console.log(`isolation_allow=${accepted}`);
  console.log(`  group: ${names(group('nvme').devices)}`);
  console.log(`  claim: ${refusal(() => registry.claim(vfio, [group('nvme')], policy))}`);
}
