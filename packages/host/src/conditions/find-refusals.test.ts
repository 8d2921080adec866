import { analyse, type KernelGroup, unknown } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { type FileRecipes, memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import {
  CATCH_ALL,
  endpoint,
  type MachineOptions,
  machineOf,
  type Node,
  port,
} from '../../../pci/src/testing/build-machine.ts';
import { findRefusals } from './find-refusals.ts';

const PORT = '0000:00:01.0';
const CARD = '0000:01:00.0';
const AUDIO = '0000:01:00.1';

const group = (members: readonly string[], regions: KernelGroup['reservedRegions'] = []): KernelGroup => ({
  id: 7,
  members,
  type: 'DMA',
  reservedRegions: regions,
});

interface Case {
  readonly nodes?: readonly Node[];
  readonly kernel?: MachineOptions['kernel'];
  readonly firmware?: MachineOptions['firmware'];
  readonly files?: FileRecipes;
  readonly moving?: readonly string[];
  readonly leaving?: readonly string[];
}

const CARD_ALONE = [port(PORT, { driver: 'pcieport' }, [endpoint(CARD, { driver: 'nvme' })])];
const TWO = [
  port(PORT, { driver: 'pcieport' }, [
    endpoint(CARD, { driver: 'nvidia' }),
    endpoint(AUDIO, { driver: 'snd_hda_intel' }),
  ]),
];

function refusals({ nodes = CARD_ALONE, kernel = {}, firmware = {}, files = {}, moving = [CARD], leaving = [] }: Case) {
  const analysis = analyse(machineOf(nodes, { kernel: { groups: [group([CARD])], ...kernel }, firmware }));
  const { parties } = analysis.graph;
  const named = (names: readonly string[]): readonly number[] =>
    Array.from({ length: parties.count }, (_, p) => p).filter((p) => names.includes(parties.nameOf(p)));
  return findRefusals(analysis, memoryTreeOf(files), named(moving), named(leaving));
}

describe('nothing refuses', () => {
  it('a card alone in its group, with interrupts remapped', () => {
    expect(refusals({})).toEqual([]);
  });
});

describe('a device without a kernel group', () => {
  it('is not taken by VFIO, whatever a policy says', () => {
    expect(refusals({ kernel: { groups: [] } })).toEqual([
      expect.objectContaining({ kind: 'no-kernel-group', device: CARD, certain: true }),
    ]);
  });

  it('by the rules of the kernel, where the source tells no groups', () => {
    const groups = unknown('not read', 'read it');
    expect(refusals({ kernel: { groups } })).toEqual([]);
    const off = refusals({ kernel: { groups, commandLine: 'intel_iommu=off' }, firmware: { dmar: null } });
    expect(off).toContainEqual(expect.objectContaining({ kind: 'no-kernel-group', certain: false }));
  });
});

describe('the group has to be viable without what stays', () => {
  const both = { groups: [group([CARD, AUDIO])] };

  it('a function that stays with a driver of the host', () => {
    expect(refusals({ nodes: TWO, kernel: both })).toEqual([
      expect.objectContaining({
        kind: 'group-not-viable',
        device: AUDIO,
        certain: true,
        fix: `take ${AUDIO} along, or unbind it`,
      }),
    ]);
    expect(refusals({ nodes: TWO, kernel: both, moving: [CARD, AUDIO] })).toEqual([]);
  });

  it('a virtual function that goes away with one that moves', () => {
    expect(refusals({ nodes: TWO, kernel: both, leaving: [AUDIO] })).toEqual([]);
  });

  it('a port with its own driver stays; with another one since 5.19 only if that leaves DMA alone', () => {
    const odd = [port(PORT, { driver: 'shpchp' }, [endpoint(CARD, { driver: 'nvme' })])];
    const withPort = { groups: [group([PORT, CARD])] };
    expect(refusals({ kernel: withPort })).toEqual([]);
    expect(refusals({ nodes: odd, kernel: { ...withPort, release: '5.10.0' } })).toEqual([]);
    expect(refusals({ nodes: odd, kernel: withPort })).toEqual([
      expect.objectContaining({
        kind: 'group-not-viable',
        device: PORT,
        fix: `unbind ${PORT} from shpchp: bridges work without one`,
      }),
    ]);
  });

  it('a driver that is not known does not count as none', () => {
    const driver = unknown('not read', 'read it');
    const facts = endpoint(AUDIO).options.facts ?? {};
    const host = {
      path: undefined,
      driver,
      driverOverride: null,
      group: 7,
      iommu: null,
      numaNode: null,
      resetMethods: null,
      bootVga: null,
      description: undefined,
    };
    const nodes = [port(PORT, {}, [endpoint(CARD), endpoint(AUDIO, { facts: { ...facts, host } })])];
    expect(refusals({ nodes, kernel: both })).toEqual([expect.objectContaining({ device: AUDIO, certain: false })]);
  });
});

describe('interrupts', () => {
  const kernel = { log: ['[    0.000000] Linux version 6.12.0'], groups: [group([CARD])] };
  const firmware = { dmar: { ...CATCH_ALL, interruptRemapping: false } };
  const kinds = (files: FileRecipes = {}, commandLine = 'intel_iommu=on') =>
    refusals({ kernel: { ...kernel, commandLine }, firmware, files }).map((r) => r.kind);

  it('that are not remapped need the parameter of VFIO', () => {
    expect(kinds()).toEqual(['interrupts']);
    // The parameter is a file only while the module is loaded, which it is not before the first use.
    const [refusal] = refusals({ kernel, firmware });
    expect(refusal?.fix).toContain('modprobe vfio_iommu_type1 && echo 1 >');
  });

  it.each<[string, FileRecipes, string?]>([
    ['set in the running kernel', { 'sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'Y' }],
    ['on the command line', {}, 'vfio_iommu_type1.allow_unsafe_interrupts=1'],
    [
      'for the module that is not loaded yet',
      { 'etc/modprobe.d/vfio.conf': '# x\noptions vfio_iommu_type1 allow_unsafe_interrupts=1' },
    ],
  ])('%s', (_, files, commandLine) => {
    expect(kinds(files, commandLine)).toEqual([]);
  });

  it('a parameter that is off counts, whatever the configuration says', () => {
    expect(
      kinds({
        'sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'N',
        'etc/modprobe.d/vfio.conf': 'options vfio_iommu_type1 allow_unsafe_interrupts=1',
      }),
    ).toEqual(['interrupts']);
  });
});

describe('memory that the firmware keeps', () => {
  const regions = (type: string) => [{ start: 0x1000n, end: 0x1fffn, type }];

  it('direct regions veto, relaxable ones do not', () => {
    expect(refusals({ kernel: { groups: [group([CARD], regions('direct'))] } }).map((r) => r.kind)).toEqual([
      'direct-region',
    ]);
    expect(refusals({ kernel: { groups: [group([CARD], regions('direct-relaxable'))] } })).toEqual([]);
  });
});

describe('what vfio-pci takes', () => {
  it('no bridge', () => {
    const kernel = { groups: [group([PORT, CARD])] };
    expect(refusals({ kernel, moving: [PORT, CARD] }).map((r) => r.kind)).toEqual(['header-type']);
  });

  it('no QuickAssist, unless told', () => {
    const nodes = [port(PORT, {}, [endpoint(CARD, { facts: { vendor: 0x8086, device: 0x37c8 } })])];
    expect(refusals({ nodes }).map((r) => r.kind)).toEqual(['denied-model']);
    expect(refusals({ nodes, kernel: { release: '5.4.0' } })).toEqual([]);
    expect(refusals({ nodes, files: { 'sys/module/vfio_pci/parameters/disable_denylist': 'Y' } })).toEqual([]);
  });
});

describe('the modules of VFIO', () => {
  const MODULES = 'lib/modules/6.12.0';
  const dep = (...names: string[]) =>
    names.map((n) => `kernel/drivers/vfio/${n}.ko.xz: kernel/virt/lib/irqbypass.ko.xz`).join('\n');

  it.each<[string, FileRecipes, readonly string[]]>([
    ['are to be loaded', { [`${MODULES}/modules.dep`]: dep('pci/vfio-pci', 'vfio_iommu_type1') }, []],
    [
      'are built in',
      {
        [`${MODULES}/modules.builtin`]: 'kernel/drivers/vfio/pci/vfio-pci.ko\nkernel/drivers/iommu/iommufd/iommufd.ko',
      },
      [],
    ],
    [
      'are loaded',
      {
        [`${MODULES}/modules.dep`]: dep(),
        'sys/module/vfio_pci/refcnt': '0',
        'sys/module/vfio_iommu_type1/refcnt': '0',
      },
      [],
    ],
    ['are not there', { [`${MODULES}/modules.dep`]: dep('mdev/mdev') }, ['no-vfio-module']],
    ['lack the part for the IOMMU', { [`${MODULES}/modules.dep`]: dep('pci/vfio-pci') }, ['no-vfio-module']],
    ['cannot be listed: not known, so not refused', {}, []],
  ])('%s', (_, files, expected) => {
    expect(refusals({ files }).map((r) => r.kind)).toEqual(expected);
  });
});
