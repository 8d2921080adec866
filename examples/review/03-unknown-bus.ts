import { names, start } from './start.ts';

const { machine, registry, device, group } = start(
  'vtd; rp[acs] -> nvme; rp -> bridge -> (sound, foobus -> (foo1, foo2))',
);

// No provider knows FooBus. What its devices send comes from the card that they sit on, which shares a bridge with a sound card.
for (const name of ['foo1', 'foo2', 'sound', 'nvme']) console.log(`${name}: ${group(name).name}`);
console.log(`${group('foo1').name}: ${names(group('foo1').devices)}`);

// The same for the platform device that a driver makes inside of its PCI card, and for what is plugged later.
machine.plug('eisabus -> inner', device('bridge').name);
console.log(`inner: ${group('inner').name}`);
console.log(`told apart by the IOMMU: ${registry.groupOf(device('inner')) !== group('sound')}`);
