import { isUnknown, known, PORT } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { at, messages, parentOf, parse } from './testing/parse-sample.ts';
import { SAMPLE_LISTING } from './testing/sample-listing.ts';

describe('lspci -vvnn as root', () => {
  const machine = parse(SAMPLE_LISTING);

  it('is read without complaint', () => {
    expect(messages(machine)).toEqual([]);
    expect(machine.source).toEqual({ kind: 'lspci', label: 'lspci text' });
    expect(machine.functions).toHaveLength(7);
  });

  it('tells who a function is', () => {
    const bridge = at(machine, '0000:00:01.0');
    expect(bridge).toMatchObject({
      vendor: 0x10a0,
      device: 0x0002,
      subsystemVendor: 0x10a0,
      subsystemDevice: 0x0100,
      revision: 0x10,
      classCode: 0x060400,
      headerType: 1,
      bridge: { primary: 0, secondary: 1, subordinate: 2 },
    });
    expect(bridge.host.description).toBe('Alder Works Bridge [Fast]');
    expect(at(machine, '0000:00:03.0').classCode).toBe(0x060401);
    expect(at(machine, '0000:00:02.0')).toMatchObject({
      revision: 0,
      classCode: 0x088000,
      headerType: 0,
      bridge: null,
    });
  });

  it('reads the registers of a port', () => {
    const port = at(machine, '0000:00:01.0');
    expect(port.express).toMatchObject({ offset: 0x40, type: PORT.root, ariForwarding: true });
    expect(port.acs).toMatchObject({ offset: 0x140, capability: 0x5f, control: 0x0d });
    expect(port.msi).toEqual({ offset: 0x80, enabled: true });
    expect(port.powerManagement).toEqual({ offset: 0xa0, noSoftReset: true });
    expect(port.host.driver).toBe('pcieport');
  });

  it('reads the registers of an endpoint', () => {
    const card = at(machine, '0000:01:00.0');
    expect(card.express).toEqual({ offset: 0x50, type: PORT.endpoint, flr: true, ariForwarding: false });
    expect(card.sriov).toEqual({
      offset: 0x160,
      enabled: true,
      totalVfs: 8,
      numVfs: 2,
      firstVfOffset: 384,
      vfStride: 2,
      vfDeviceId: 0x0110,
    });
    expect(card.ats).toEqual({ offset: 0x1a0, enabled: true });
    expect(card.pri).toEqual({ offset: 0x1b0, enabled: false });
    expect(card.pasid).toEqual({ offset: 0x1c0, enabled: true });
    expect(card.serialNumber).toBe('a0-36-9f-ff-ff-01-02-03');
    expect(at(machine, '0000:00:02.0')).toMatchObject({
      advancedFeatures: { offset: 0x60, flr: true },
      msix: { offset: 0x70, enabled: false },
    });
    expect(at(machine, '0000:02:10.0').express).toMatchObject({ flr: false });
  });

  it('takes what a whole list does not have as absent', () => {
    expect(at(machine, '0000:01:00.0')).toMatchObject({ acs: null, msi: null, powerManagement: null });
    expect(at(machine, '0000:00:00.0')).toMatchObject({ express: null, acs: null, sriov: null, msix: null });
    expect(at(machine, '0000:02:10.0').acs).toBeNull();
    expect(at(machine, '0000:00:02.0').host.driver).toBeNull();
    expect(at(machine, '0000:02:10.2').host.group).toBeNull();
  });

  it('does not make up what lspci does not print', () => {
    const port = at(machine, '0000:00:01.0');
    expect(isUnknown(port.multifunctionBit)).toBe(true);
    expect(port.acs).toMatchObject({ controlDword: { kind: 'unknown' }, capabilityDword: { kind: 'unknown' } });
    expect(port.express).toMatchObject({ flr: { kind: 'unknown' } });
    expect(isUnknown(port.host.resetMethods)).toBe(true);
    expect(isUnknown(machine.firmware.dmar)).toBe(true);
    expect(isUnknown(machine.kernel.commandLine)).toBe(true);
    expect(isUnknown(at(machine, '0000:00:03.0').subsystemVendor)).toBe(true);
  });

  it('finds the bridge above and the physical function', () => {
    expect(parentOf(machine, '0000:01:00.0')).toBe('0000:00:01.0');
    // The virtual functions' bus has no bridge of its own.
    expect(parentOf(machine, '0000:02:10.2')).toBe('0000:00:01.0');
    expect(machine.functions[at(machine, '0000:02:10.2').physicalFunction]).toBe(at(machine, '0000:01:00.0'));
    expect(at(machine, '0000:00:02.0').physicalFunction).toBe(-1);
    expect(machine.rootBuses).toEqual([{ segment: 0, bus: 0 }]);
  });

  it('tells the groups and nodes', () => {
    expect(known(machine.kernel.groups)?.map((g) => [g.id, ...g.members])).toEqual([
      [0, '0000:00:00.0'],
      [1, '0000:00:02.0'],
      [2, '0000:00:03.0'],
      [12, '0000:00:01.0'],
      [13, '0000:01:00.0'],
      [20, '0000:02:10.0'],
    ]);
    expect(at(machine, '0000:00:01.0').host).toMatchObject({ group: 12, numaNode: 1 });
  });
});

describe('less than lspci -vv as root', () => {
  it('-v names capabilities and not their bits', () => {
    const machine = parse(
      [
        '00:01.0 PCI bridge [0604]: Alder Works Bridge [Fast] [10a0:0002]',
        '\tFlags: bus master, fast devsel, latency 0, IRQ 24, NUMA node 1, IOMMU group 7',
        '\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0',
        '\tCapabilities: [40] Express Root Port (Slot+), IntMsgNum 0',
        '\tCapabilities: [80] MSI: Enable- Count=1/1 Maskable- 64bit-',
        '\tCapabilities: [a0] Power Management version 3',
        '\tCapabilities: [220] Access Control Services',
        '',
      ].join('\n'),
    );
    const port = at(machine, '0000:00:01.0');
    expect(port.classCode).toBe(0x060400);
    expect(port.host).toMatchObject({ group: 7, numaNode: 1 });
    expect(port.express).toMatchObject({ type: PORT.root, ariForwarding: { kind: 'unknown' } });
    expect(port.acs).toMatchObject({ offset: 0x220, capability: { kind: 'unknown' }, control: { kind: 'unknown' } });
    expect(port.msi).toEqual({ offset: 0x80, enabled: false });
    expect(isUnknown(port.powerManagement)).toBe(true);
  });

  it('<access denied> leaves what is not listed unknown', () => {
    const denied = SAMPLE_LISTING.replace(
      /(\tCapabilities: \[(?:40|50)\])[\s\S]*?(?=\tKernel driver|\n\n)/g,
      '\tCapabilities: <access denied>\n',
    );
    const machine = parse(denied);
    const port = at(machine, '0000:00:01.0');
    expect(port.acs).toMatchObject({ kind: 'unknown', decidedBy: 'run lspci -vv as root' });
    expect(isUnknown(port.express)).toBe(true);
    expect(port.host.driver).toBe('pcieport');
    expect(port.bridge).toMatchObject({ secondary: 1 });
  });

  it('-nn tells ids only', () => {
    const machine = parse(
      '00:00.0 Host bridge [0600]: Alder Works Device [10a0:0010] (rev 03)\n' +
        '01:00.0 PCI bridge [0604]: Alder Works Bridge [Fast] [10a0:0002]\n' +
        '02:00.0 Ethernet controller [0200]: Device [1e0f:0001] (rev a1)\n',
    );
    expect(at(machine, '0000:02:00.0')).toMatchObject({ vendor: 0x1e0f, device: 1, revision: 0xa1, headerType: 0 });
    const bridge = at(machine, '0000:01:00.0');
    expect(bridge.headerType).toBe(1);
    for (const fact of [bridge.express, bridge.acs, bridge.bridge, bridge.host.group, bridge.host.driver]) {
      expect(isUnknown(fact)).toBe(true);
    }
    expect(bridge.classCode).toMatchObject({
      kind: 'unknown',
      candidates: expect.arrayContaining([0x060400, 0x060401]),
    });
    expect(isUnknown(machine.kernel.groups)).toBe(true);
    expect(messages(machine)).toEqual([expect.stringContaining('which bridge is above bus 0000:01, 0000:02')]);
  });

  it('-n tells the same in numbers, old versions with the word Class', () => {
    const machine = parse('00:00.0 0600: 10a0:0010 (rev 03)\n00:01.0 Class 0604: 10a0:0002\n');
    expect(at(machine, '0000:00:00.0')).toMatchObject({ vendor: 0x10a0, device: 0x10, revision: 3 });
    expect(at(machine, '0000:00:01.0')).toMatchObject({ device: 2, headerType: 1, host: { description: undefined } });
  });

  it('a text without extended capabilities does not tell whether there are any', () => {
    const text = SAMPLE_LISTING.replace(/\tCapabilities: \[1..[\s\S]*?(?=\tKernel driver|\n\n)/g, '');
    const machine = parse(text);
    expect(isUnknown(at(machine, '0000:00:01.0').acs)).toBe(true);
    // Without a PCI Express capability there cannot be any.
    expect(at(machine, '0000:00:02.0').acs).toBeNull();
    expect(at(machine, '0000:00:01.0').advancedFeatures).toBeNull();
  });

  it('a function that did not answer is unknown', () => {
    const machine = parse(
      `${SAMPLE_LISTING}05:00.0 Ethernet controller [0200]: Birch Labs, Inc. Device [20b0:0009] (rev ff)\n\t!!! Unknown header type 7f\n\n`,
    );
    const gone = at(machine, '0000:05:00.0');
    for (const fact of [gone.headerType, gone.express, gone.acs, gone.bridge]) expect(isUnknown(fact)).toBe(true);
  });

  it('a capability that this lspci had no name for is known by its number', () => {
    const machine = parse(
      SAMPLE_LISTING.replace('Access Control Services', '#0d')
        .replace('PCI Advanced Features', 'Capability ID 0x13 [0306]')
        .replace('Page Request Interface (PRI)', 'Extended Capability ID 0x13'),
    );
    expect(at(machine, '0000:00:01.0').acs).toMatchObject({ offset: 0x140 });
    expect(at(machine, '0000:00:02.0').advancedFeatures).toMatchObject({ offset: 0x60 });
    expect(at(machine, '0000:01:00.0').pri).toMatchObject({ offset: 0x1b0 });
  });
});

describe('hex dumps', () => {
  const header = [
    '00: a0 10 02 00 07 04 10 00 11 00 04 06 10 00 81 00',
    '10: 00 00 00 00 00 00 00 00 00 05 06 00 f0 00 00 20',
    '20: 00 81 f0 81 00 a0 f1 af 00 00 00 00 00 00 00 00',
    '30: 00 00 00 00 40 00 00 00 00 00 00 00 0b 01 02 00',
  ];

  it('win over words, and words fill in what they do not reach', () => {
    const machine = parse(
      SAMPLE_LISTING.replace(
        '\tKernel driver in use: pcieport\n',
        `\tKernel driver in use: pcieport\n${header.join('\n')}\n`,
      ),
    );
    const bridge = at(machine, '0000:00:01.0');
    expect(bridge).toMatchObject({ revision: 0x11, bridge: { secondary: 5, subordinate: 6 }, multifunctionBit: true });
    expect(bridge.config?.bytes).toHaveLength(64);
    expect(bridge.acs).toMatchObject({ capability: 0x5f });
  });

  it('are enough by themselves', () => {
    const machine = parse(`00:1e.0\n${header.join('\n')}\n`);
    expect(at(machine, '0000:00:1e.0')).toMatchObject({ vendor: 0x10a0, headerType: 1, bridge: { secondary: 5 } });
  });

  it('end at a gap', () => {
    const machine = parse(`00:1e.0 Bridge: x\n${[header[0], header[2]].join('\n')}\n`);
    expect(machine.functions[0]?.config?.bytes).toHaveLength(16);
    expect(messages(machine)).toContain('lspci text, line 3: does not follow the row before; the rest is not used');
  });
});
