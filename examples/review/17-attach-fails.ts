import { createManager, type IommuOps, POLICIES } from '@isogroups/core';
import { names, refusal, start } from './start.ts';

const { machine, registry, iommus, device, group } = start('vtd; rp -> bridge -> (sound, scsi)', {
  iommuOpsOf: () => undefined,
});

// Operations that do as the unit does, but refuse one device.
const unit = iommus.iommuOpsOf(device('sound')) as IommuOps;
let refused = 'scsi';
const ops: IommuOps = {
  ...unit,
  attach(domain, added) {
    if (names([added]) === refused) throw new Error('no room for another context entry');
    unit.attach(domain, added);
    console.log(`  attached ${added.name}`);
  },
  detach(domain, gone) {
    unit.detach(domain, gone);
    console.log(`  detached ${gone.name}`);
  },
};
group('sound').setIommuOps(ops);
console.log(refusal(() => group('sound').createDomain()));
console.log(`in a domain: ${group('sound').domain !== undefined}`);

refused = 'usb';
const claim = registry.claim(createManager({ name: 'vm1' }), [group('sound')], POLICIES.default);
group('sound').createDomain().map(0, 0x4000_0000, 4096, 'rw');
machine.plug('usb', 'bridge');
console.log(`usb: ${registry.quarantined.get(device('usb'))?.kind}, in a group: ${group('usb') !== undefined}`);
console.log(refusal(() => registry.admit(device('usb'), claim)));
refused = '';
registry.admit(device('usb'), claim);
console.log(`the group is ${names(group('usb').devices)}`);
