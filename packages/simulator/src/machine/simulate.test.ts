import { analyse, formatAddress } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { memoryRanges } from '../devices/address-ranges.ts';
import { randomDescription } from '../language/random-description.ts';
import { expectDisjointAddresses } from '../testing/address-check.ts';
import { theFunction } from '../testing/the-function.ts';
import { simulate } from './simulate.ts';

const EXAMPLE = `vtd; rp[acs] -> switch(dsp[acs] -> nvme, dsp -> nic);
  rp -> bridge -> (sound, foobus -> (foo1, foo2))`;

describe('a machine from a description', () => {
  it('has addresses, bridges and software devices as the text says', () => {
    const machine = simulate(EXAMPLE);
    expect(machine.functions.map((f) => `${f.name} ${f.label} ${f.parent?.label}`)).toEqual([
      '0000:00:01.0 rp undefined',
      '0000:00:02.0 rp2 undefined',
      '0000:01:00.0 switch rp',
      '0000:02:00.0 dsp switch',
      '0000:02:01.0 dsp2 switch',
      '0000:03:00.0 nvme dsp',
      '0000:04:00.0 nic dsp2',
      '0000:05:00.0 bridge rp2',
      '0000:06:00.0 sound bridge',
      '0000:06:01.0 foobus bridge',
    ]);
    expect(machine.find('foo2')).toMatchObject({
      kind: 'software',
      bus: 'foobus',
      parent: theFunction(machine, 'foobus'),
    });
  });

  it('lists its functions in the order of its facts', () => {
    const machine = simulate('amdvi; rp -> nic[vfs=2@8/1]; vmd(2*rp -> nvme); @0000:40; rp -> switch(2*dsp -> usb)');
    expect(machine.functions.map((f) => f.name)).toEqual(machine.facts().functions.map(formatAddress));
  });

  it('is grouped by its registers: what ACS separates, and what it does not', () => {
    const { kernel } = simulate(EXAMPLE).facts();
    expect(kernel.groups).toMatchObject([
      { members: ['0000:00:01.0'] },
      { members: ['0000:00:02.0', '0000:05:00.0', '0000:06:00.0', '0000:06:01.0'] },
      { members: ['0000:01:00.0'] },
      { members: ['0000:02:00.0'] },
      { members: ['0000:02:01.0', '0000:04:00.0'] },
      { members: ['0000:03:00.0'] },
    ]);
  });

  it('gives no two functions the same address, and bridges windows around all that is below', () => {
    expectDisjointAddresses(simulate(`${EXAMPLE}; {gpu, audio}; rp -> accel[vfs=8]; vmd(rp -> nvme, sata)`));
    for (let seed = 0; seed < 300; seed++) expectDisjointAddresses(simulate(randomDescription(seed)));
  });

  it('leaves without an address what does not fit, and says so', () => {
    const machine = simulate('8*rp -> gpu[bar=512M:32]');
    expect(machine.diagnostics).toContainEqual(expect.objectContaining({ severity: 'warning', file: '0000:00:02.0' }));
    expect(memoryRanges(theFunction(machine, 'gpu2'))).toEqual([]);
    expectDisjointAddresses(machine);
  });

  it('is read by the analysis of any other machine', () => {
    const { graph } = analyse(simulate('amdvi[intremap=off]; rp[acs] -> nvme').facts());
    expect(graph.interferences.map((i) => i.kind)).toContain('interrupts');
  });
});

it('groups are worked out when they are asked for, and not said to be none before', () => {
  const machine = simulate('vtd; rp[acs] -> nvme');
  expect(machine.kernel.groups).toMatchObject({ kind: 'unknown' });
  expect(machine.facts().kernel.groups).toHaveLength(2);
  expect(simulate('none; nvme').facts().kernel.groups).toEqual([]);
});
