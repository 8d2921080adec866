import { isUnknown, type PciFunction } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { parseLspciText } from './parse-lspci-text.ts';
import { parse } from './testing/parse-sample.ts';

describe('numbers from names', () => {
  const name = (heading: string): PciFunction => parse(`00:00.0 ${heading}\n`).functions[0] as PciFunction;

  it('are looked up, the longest name of a vendor first', () => {
    expect(name('Host bridge: Alder Works Bridge [Fast] (rev 01)')).toMatchObject({ vendor: 0x10a0, device: 2 });
    expect(name('USB controller: Birch Labs, Inc. [Networks] Ethernet Controller')).toMatchObject({
      vendor: 0x20b1,
      device: 0x100,
    });
  });

  it('stay open where several share the name', () => {
    expect(name('System peripheral: Alder Works Timer')).toMatchObject({
      vendor: 0x10a0,
      device: { kind: 'unknown', candidates: [1, 3] },
    });
  });

  it('are printed where there is no name', () => {
    expect(name('Host bridge: Alder Works Device 4601 (rev 02)')).toMatchObject({ vendor: 0x10a0, device: 0x4601 });
    expect(name('Host bridge: Device 1e0f:0001')).toMatchObject({ vendor: 0x1e0f, device: 1 });
    expect(name('Host bridge: Alder Works: Unknown device 4601')).toMatchObject({ vendor: 0x10a0, device: 0x4601 });
  });

  it('are unknown where the name is, or the list of names', () => {
    const odd = name('Host bridge: Nobody At All Gadget');
    expect([odd.vendor, odd.device].every(isUnknown)).toBe(true);
    const [nameless] = parseLspciText('00:00.0 PCI bridge: Alder Works Timer\n', 'x', undefined).functions;
    expect(isUnknown(nameless?.vendor)).toBe(true);
    expect(nameless?.headerType).toBe(1);
  });

  it('of a board are looked up on its device', () => {
    const board = (line: string): PciFunction =>
      parse(`00:00.0 Host bridge: Alder Works Bridge [Fast]\n\tSubsystem: ${line}\n\tFlags: fast devsel\n\n`)
        .functions[0] as PciFunction;
    expect(board('Alder Works Board Two')).toMatchObject({ subsystemVendor: 0x10a0, subsystemDevice: 0x101 });
    expect(board('Birch Labs, Inc. Device 0af3')).toMatchObject({ subsystemVendor: 0x20b0, subsystemDevice: 0xaf3 });
    // The device's own name instead of the board's: what lspci takes from udev's database.
    expect(board('Birch Labs, Inc. Bridge [Fast]')).toMatchObject({
      subsystemVendor: 0x20b0,
      subsystemDevice: { kind: 'unknown' },
    });
  });
});
