// region machine
import { createIommus, simulate } from '@isogroups/simulator';

const machine = simulate(`
  vtd;                                          # VT-d, with interrupt remapping
  rp[acs] -> switch(                            # a root port with ACS, and a switch below it:
    dsp[acs] -> nvme, dsp[acs] -> nic,          # two ports that redirect,
    dsp -> usb);                                # and one without ACS
  rp[acs] -> bridge -> (sound, foobus -> foo)   # conventional PCI, with a bus that PCI knows nothing of
`);
for (const f of machine.functions) console.log(`${f.name} ${f.label}`);

// endregion

// region registry
import { createRegistry, type Device } from '@isogroups/core';
import { createPciProvider } from '@isogroups/pci';

const iommus = createIommus(machine);
const registry = createRegistry(machine, { iommuOpsOf: iommus.iommuOpsOf });
registry.registerProvider('pci', createPciProvider(machine));

const find = (name: string) => {
  const found = machine.find(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const labels = (devices: Iterable<Device>) => [...devices].map((d) => machine.find(d.name)?.label ?? d.name).join(', ');
for (const group of registry.groups) console.log(`${group.name}: ${labels(group.devices)}`);

// endregion

// region chains
import { accepts, POLICIES, placeName, shortestChain } from '@isogroups/core';
import { analyse } from '@isogroups/pci';

function why(from: string, to: string): void {
  const { graph } = analyse(machine.facts());
  const party = (name: string) => machine.functions.findIndex((f) => f.label === name);
  const accepted = accepts(POLICIES.default, graph);
  const chain = shortestChain(graph, party(from), party(to), (edge) => !accepted(edge));
  console.log(`${from} and ${to}${chain === undefined ? ' are isolated' : ':'}`);
  for (const { edge } of chain ?? []) {
    const [evidence] = edge.evidence;
    const says = evidence?.kind === 'no-capability' ? `no ${evidence.capability} capability` : evidence?.kind;
    console.log(`  ${edge.kind} at ${machine.find(placeName(graph, edge.where))?.label}: ${says}`);
  }
}
why('nvme', 'nic');
why('usb', 'sound');

// endregion

// region claim
import { createManager, IsolationError } from '@isogroups/core';

const vm = createManager({
  name: 'vm1',
  deviceAdded: (device) => console.log(`vm1 hears: ${labels([device])} came`),
  deviceRemoving: (device) => console.log(`vm1 hears: ${labels([device])} is about to go`),
});
const claim = registry.claim(vm, [find('sound')], POLICIES.default);
console.log(`${claim.manager.name} has ${labels(claim.devices)}`);

try {
  registry.claim(createManager({ name: 'vm2' }), [find('foo')], POLICIES.default);
} catch (error) {
  if (!(error instanceof IsolationError)) throw error;
  console.log(error.message);
}
// endregion

// region drivers
machine.setGate(registry.mayBind);
const vfioPci = { name: 'vfio-pci', bus: 'pci', match: () => true };
machine.registerDriver(vfioPci);

console.log(`locked: ${claim.locked}`);
for (const { device, driver } of claim.blockers) console.log(`  ${labels([device])} has ${driver.name}`);
vm.allowDriver(vfioPci);
machine.unbind(find('sound'));
machine.bind(find('sound'), vfioPci);
console.log(`locked: ${claim.locked}`);
// endregion

// region domain
const [group] = claim.groups;
if (group === undefined) throw new Error('a claim has groups');
const domain = group.createDomain();

// Guest memory from 0, at 4 GiB of the host's.
domain.map(0x0, 0x1_0000_0000, 2 ** 30, 'rw');
console.log(domain.resolve(0x1234));

// The guest gives back a page of it: the page of 1 GiB is split, as a driver does.
domain.unmap(0x20_0000, 0x1000);
console.log(domain.resolve(0x20_0000), domain.resolve(0x20_1000)?.pageSize);
try {
  domain.map(0x10_0000, 0x8000_0000, 0x1000, 'r');
} catch (error) {
  console.log((error as Error).message);
}
// endregion

// region packets
domain.onFault((fault) => console.log(`fault: ${labels([fault.device])} ${fault.access} ${fault.reason}`));
function send(name: string, address: number): void {
  const [requester = -1] = iommus.requestersOf(find(name));
  const end = iommus.translation.translate(requester, address, true, false);
  console.log(`${name} writes to 0x${address.toString(16)}: ${end < 0 ? 'blocked' : `0x${end.toString(16)}`}`);
}
send('sound', 0x1000);
send('foo', 0x1000);
send('sound', 0x20_0000);
send('nvme', 0x1000);
// endregion

// region interrupts
const { interrupts } = iommus;
const [soundId = -1] = iommus.requestersOf(find('sound'));
const [nvmeId = -1] = iommus.requestersOf(find('nvme'));
const message = interrupts.grant(soundId, 0x41);
console.log(interrupts.write(soundId, message));
console.log(interrupts.write(nvmeId, message));
console.log(interrupts.write(nvmeId, { address: interrupts.window.first, data: 0x41 }));
// endregion

// region hot-plug
machine.plug('scsi', 'bridge');
console.log(`${labels(group.devices)}: all of them in the domain: ${registry.domainOf(find('scsi')) === domain}`);
send('scsi', 0x1000);
machine.unplug('scsi');

// endregion

// region proof
import { partition } from '@isogroups/core';
import { prove, subjectOf } from '@isogroups/simulator';

const analysis = analyse(machine.facts());
const proof = prove(subjectOf(analysis), partition(analysis.graph, POLICIES.default));
console.log(`packets got out of their group: ${proof.escaped}`);
console.log(`interferences that no packet shows, though one could: ${proof.unshown.length}`);
// endregion

// region release
claim.release();
console.log(`claimed: ${group.manager !== undefined}, in a domain: ${group.domain !== undefined}`);
send('sound', 0x1000);

// endregion

// region captured
import { openMachine } from '@isogroups/inventory';
import { machineFrom } from '@isogroups/simulator';

const captured = machineFrom(await openMachine('examples/gaming-pc.tar.gz'));
const there = createRegistry(captured, { iommuOpsOf: createIommus(captured).iommuOpsOf });
there.registerProvider('pci', createPciProvider(captured));

const gpu = captured.find('0000:01:00.0');
if (gpu?.driver === undefined) throw new Error('the graphics card is handed over in this capture');
const games = createManager({ name: 'games' });
games.allowDriver(gpu.driver);
const card = there.claim(games, [gpu], POLICIES.default);
console.log(`${card.devices.length} devices, locked: ${card.locked}`);
for (const { device, driver } of card.blockers) console.log(`  ${device.name} has ${driver.name}`);
// endregion
