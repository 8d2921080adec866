import { parseLspciText } from '@isogroups/inventory/parsers';
import { decodeConfigSpace, isUnknown, type Machine } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { forwardedRanges, memoryRanges } from '../devices/address-ranges.ts';
import { randomDescription } from '../language/random-description.ts';
import { simulate } from '../machine/simulate.ts';
import { expectDisjointAddresses } from '../testing/address-check.ts';
import { captured, fixtureNames } from '../testing/captured-files.ts';
import { expectSame } from '../testing/expect-same.ts';
import { listen } from '../testing/listen.ts';
import { theFunction } from '../testing/the-function.ts';
import { machineFrom } from './machine-from.ts';

/** Without what was told when it was read, and what the simulation adds to it. */
const facts = ({ diagnostics: _, ...rest }: Machine): Omit<Machine, 'diagnostics'> => rest;

describe.each(fixtureNames)('the captured machine %s', async (name) => {
  const { machine, tree } = await captured(name);

  it('has the same facts when it is simulated, and loses none on the way', () => {
    expectSame(facts(machineFrom(machine, tree).facts()), facts(machine));
  });

  it('has addresses that are disjoint and inside the windows above', () => {
    const simulated = machineFrom(machine, tree);
    if (name !== 'without-root') expect(simulated.functions.some((f) => memoryRanges(f).length > 0)).toBe(true);
    expectDisjointAddresses(simulated);
  });
});

describe('a captured machine', () => {
  it('knows its memory and its virtual functions', async () => {
    const { machine, tree } = await captured('intel-sriov-vfs');
    const simulated = machineFrom(machine, tree);
    const virtual = simulated.functions.filter((f) => f.physicalFunction !== undefined);
    expect(virtual.length).toBeGreaterThan(1);
    for (const f of virtual) expect(memoryRanges(f).length, f.name).toBeGreaterThan(0);
    expect(simulated.memory.length).toBeGreaterThan(0);
    expect(simulated.diagnostics).toEqual(machine.diagnostics);
  });

  it('changes with its registers, and keeps what the kernel knew of the rest', async () => {
    const { machine, tree } = await captured('intel-switch-with-acs');
    const simulated = machineFrom(machine, tree);
    const heard = listen(simulated);
    const port = simulated.functions.find(
      (f) => !isUnknown(simulated.factsOf(f).acs) && simulated.factsOf(f).acs !== null,
    );
    if (port === undefined) throw new Error('no port with ACS');
    const before = simulated.factsOf(port);
    const { offset } = before.acs as { offset: number };
    simulated.writeConfig(port, offset + 6, Uint8Array.of(0, 0));
    expect(simulated.factsOf(port)).toMatchObject({ acs: { control: 0 }, vendor: before.vendor, host: before.host });
    expect(heard).toEqual([`changed ${port.name}`]);
  });

  it('takes new devices and lets old ones go; its groups are then those of a replay', async () => {
    const { machine, tree } = await captured('gaming-pc');
    const simulated = machineFrom(machine, tree);
    const gone = simulated.functions.find((f) => f.parent !== undefined && forwardedRanges(f) === undefined);
    if (gone?.parent === undefined) throw new Error('nothing to unplug');
    for (const f of simulated.functions.filter((g) => g.parent === gone.parent)) {
      if (simulated.find(f.name) === f) simulated.unplug(f);
    }
    const [fresh] = simulated.plug('nvme', gone.parent);
    expect(fresh?.parent).toBe(gone.parent);
    expectDisjointAddresses(simulated);
    const groups = simulated.facts().kernel.groups;
    expect(isUnknown(groups) ? [] : groups.flatMap((g) => g.members)).toContain(fresh?.name);
  });

  it('keeps its drivers, which can be unbound and come back', async () => {
    const { machine, tree } = await captured('nvme-behind-switch');
    const simulated = machineFrom(machine, tree);
    const nvme = simulated.functions.find((f) => f.driver?.name === 'nvme');
    if (nvme === undefined) throw new Error('no nvme');
    const driver = simulated.drivers.find((d) => d.name === 'nvme');
    simulated.unbind(nvme);
    expect(simulated.factsOf(nvme).host.driver).toBeNull();
    simulated.bind(nvme, driver as NonNullable<typeof driver>);
    expect(simulated.factsOf(nvme).host.driver).toBe('nvme');
  });
});

const TEXT = `
00:1c.0 PCI bridge [0604]: Intel Corporation Root Port [8086:9d10] (rev f1) (prog-if 00 [Normal decode])
	Bus: primary=00, secondary=01, subordinate=01, sec-latency=0
	Capabilities: [40] Express (v2) Root Port (Slot+), MSI 00
		DevCap:	MaxPayload 256 bytes, PhantFunc 0
			ExtTag- RBE+
	Capabilities: [140 v1] Access Control Services
		ACSCap:	SrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- DirectTrans-
		ACSCtl:	SrcValid+ TransBlk- ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- DirectTrans-
	Kernel driver in use: pcieport

01:00.0 Non-Volatile memory controller [0108]: Samsung [144d:a804] (prog-if 02 [NVM Express])
	Capabilities: <access denied>
	Kernel driver in use: nvme
`;
const NO_NAMES = { vendorIds: () => [], deviceIds: () => [] } as unknown as Parameters<typeof parseLspciText>[2];

describe('a machine of which there is only text', () => {
  it('has registers with all that is known, and says what is not', () => {
    const machine = parseLspciText(TEXT, 'text', NO_NAMES);
    const simulated = machineFrom(machine);
    const port = theFunction(simulated, '0000:00:1c.0');
    const decoded = decodeConfigSpace({ bytes: port.config, file: '' }).facts;
    const { vendor, device, bridge, express, acs } = machine.functions[0] as Machine['functions'][0];
    expect(decoded).toMatchObject({
      vendor,
      device,
      bridge,
      express: { type: (express as { type: number }).type, offset: 0x40 },
      acs: { offset: 0x140, capability: (acs as { capability: number }).capability, control: 0x1d },
    });
    expectSame(facts(simulated.facts()), facts(machine));
    const messages = simulated.diagnostics.map((d) => `${d.file}: ${d.message}`);
    expect(messages).toContainEqual(expect.stringMatching(/^0000:01:00\.0: not known, .* PCI Express/));
    expect(messages).toContainEqual(expect.stringMatching(/^text: .*how large address ranges are/));
  });
});

it('a simulated machine can be simulated from its facts, and is the same', () => {
  for (let seed = 0; seed < 100; seed++) {
    const machine = simulate(randomDescription(seed)).facts();
    expectSame(machineFrom(machine).facts().functions, machine.functions, `seed ${seed}`);
  }
});
