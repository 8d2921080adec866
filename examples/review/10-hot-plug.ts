import { createManager, POLICIES } from '@isogroups/core';
import { names, start } from './start.ts';

const { machine, registry, device, group } = start(
  'vtd; rp[acs] -> bridge -> sound; rp[acs] -> switch(dsp[acs] -> nvme, dsp[acs] -> nic, dsp[acs=RR+CR+UF])',
  { policy: POLICIES.strict },
);
const manager = (name: string) =>
  createManager({
    name,
    deviceAdded: (added, into) => console.log(`${name}: ${names([added])} came, now it is ${names(into.devices)}`),
    deviceRemoving: (going) => console.log(`${name}: ${names([going])} is about to go`),
    isolationLost: (claim, losses) => {
      const others = losses.flatMap((loss) => (loss.kind === 'device' ? [loss.other] : []));
      console.log(`${name}: ${names(claim.devices)} can be disturbed by ${names(new Set(others))}`);
    },
  });
for (const name of ['sound', 'nvme', 'nic'])
  registry.claim(manager(`owner of ${name}`), [group(name)], POLICIES.strict);

// What comes to a group that is claimed belongs to its manager: it hears of it, to hand it on.
machine.plug('usb', 'bridge');
machine.unplug('usb');

// Below a port that checks no requester ids a device could speak for others: it would join two claims. It may not master the
// bus until somebody decides.
machine.plug('accel', 'dsp3');
const accel = device('accel');
console.log(`${names([accel])}: ${registry.quarantined.get(accel)?.kind}, master of the bus: ${isMaster()}`);
registry.admit(accel);
console.log(`${names([accel])} is let in, master of the bus: ${isMaster()}`);

function isMaster(): boolean {
  return accel.kind === 'function' && ((accel.config[4] as number) & 4) !== 0;
}
