import { describe, expect, it } from 'vitest';
import { zeros } from '../encode/bytes.ts';
import { buildDeviceTree, type DtNodeRecipe, sampleDeviceTrees } from '../testing/build-device-tree.ts';
import { decodeFlattenedDeviceTree } from './decode-flattened-device-tree.ts';
import type { DtHostBridge } from './device-tree.ts';

const smmu: DtNodeRecipe = { properties: { compatible: 'arm,smmu-v3', phandle: 4 } };
const its: DtNodeRecipe = { properties: { compatible: ['arm,gic-v3-its', 'x'], 'linux,phandle': 3 } };
const decode = (children: Readonly<Record<string, DtNodeRecipe>>) => {
  const { table, diagnostics } = decodeFlattenedDeviceTree(buildDeviceTree({ children }), 'fdt');
  return { bridges: table?.hostBridges, told: diagnostics.map((d) => [d.severity, d.message] as const) };
};
const bridge = (properties: DtNodeRecipe['properties']): DtHostBridge => {
  const { bridges, told } = decode({
    smmu,
    soc: { children: { its } },
    pcie: { properties: { device_type: 'pci', ...properties } },
  });
  expect(told).toEqual([]);
  return bridges?.[0] as DtHostBridge;
};

describe('a host bridge', () => {
  it('with nothing said of it', () => {
    expect(bridge({})).toEqual({
      path: '/pcie',
      segment: undefined,
      busFirst: 0,
      busLast: 255,
      iommuMap: undefined,
      iommuMapMask: 0xffff_ffff,
      msiController: undefined,
      atsSupported: false,
    });
  });

  it('with everything said of it', () => {
    expect(
      bridge({
        'bus-range': [0x10, 0x1f],
        'linux,pci-domain': 2,
        'iommu-map': [0, 4, 0x8000, 0x100, 0x100, 4, 0, 0xff00],
        'iommu-map-mask': 0xfff8,
        'msi-map': [0, 3, 0, 0x10000],
        'ats-supported': zeros(0),
      }),
    ).toEqual({
      path: '/pcie',
      segment: 2,
      busFirst: 0x10,
      busLast: 0x1f,
      iommuMap: [
        { ridBase: 0, iommu: '/smmu', iommuBase: 0x8000, length: 0x100 },
        { ridBase: 0x100, iommu: '/smmu', iommuBase: 0, length: 0xff00 },
      ],
      iommuMapMask: 0xfff8,
      msiController: 'arm,gic-v3-its',
      atsSupported: true,
    });
  });

  it('names its interrupt controller by msi-parent as well', () => {
    expect(bridge({ 'msi-parent': [3] }).msiController).toBe('arm,gic-v3-its');
  });
});

describe('which nodes are host bridges', () => {
  const paths = (children: Readonly<Record<string, DtNodeRecipe>>) => decode(children).bridges?.map((b) => b.path);
  const pci: DtNodeRecipe = { properties: { device_type: 'pci' } };

  it('by device type; by compatible text where it has the address cells of a PCI bus', () => {
    expect(
      paths({
        a: pci,
        b: { properties: { compatible: ['vendor,x', 'pci-host-ecam-generic'], '#address-cells': 3 } },
        phy: { properties: { compatible: 'rockchip,pcie-phy', '#address-cells': 1 } },
        other: { properties: { device_type: 'cpu', '#address-cells': 3 } },
      }),
    ).toEqual(['/a', '/b']);
  });

  it('not the ports and devices below one', () => {
    const port: DtNodeRecipe = {
      ...pci,
      children: { 'device@0,0': { properties: { compatible: 'pci8086,1', '#address-cells': 3 } } },
    };
    expect(paths({ soc: { children: { pcie: { ...pci, children: { 'port@0,0': port } } } } })).toEqual(['/soc/pcie']);
  });

  it('not a disabled one, nor one on a disabled bus', () => {
    const off = { status: 'disabled' };
    expect(
      paths({
        a: { properties: { ...pci.properties, ...off } },
        b: { properties: { ...pci.properties, status: 'ok' } },
        soc: { properties: off, children: { c: pci } },
      }),
    ).toEqual(['/b']);
  });
});

describe('what is wrong in a host bridge', () => {
  const of = (properties: DtNodeRecipe['properties']) => {
    const { bridges, told } = decode({ smmu, pcie: { properties: { device_type: 'pci', ...properties } } });
    return { bridge: bridges?.[0], told };
  };

  it.each([
    ['empty', zeros(0)],
    ['of a wrong size', zeros(20)],
  ])('an iommu-map that is %s maps nothing, which is not the same as none', (_, map) => {
    expect(of({ 'iommu-map': map })).toMatchObject({ bridge: { iommuMap: [] }, told: [['error', expect.any(String)]] });
  });

  it('an IOMMU that is not there', () => {
    expect(of({ 'iommu-map': [0, 9, 0, 1, 1, 4, 0, 1] })).toMatchObject({
      bridge: { iommuMap: [{ ridBase: 1, iommu: '/smmu' }] },
      told: [['error', '/pcie: iommu-map names phandle 0x9, which no node has']],
    });
  });

  it('an IOMMU that is disabled', () => {
    const off = { properties: { phandle: 5, status: 'disabled' } };
    const pcie = { properties: { device_type: 'pci', 'iommu-map': [0, 5, 0, 0x10000] } };
    expect(decode({ off, pcie })).toMatchObject({
      bridges: [{ iommuMap: [] }],
      told: [['warning', '/pcie: iommu-map names /off, which is disabled']],
    });
  });

  it('an interrupt controller that is not there', () => {
    expect(of({ 'msi-parent': [9] })).toMatchObject({
      bridge: { msiController: undefined },
      told: [['warning', expect.stringContaining('phandle 0x9')]],
    });
  });

  it.each([[[3, 2]], [[0, 256]], [[0]], [[]]])('bus-range %j', (range) => {
    expect(of({ 'bus-range': range })).toMatchObject({
      bridge: { busFirst: 0, busLast: 255 },
      told: [['warning', expect.stringContaining('bus-range')]],
    });
  });
});

it('bytes that are no tree', () => {
  const { table, diagnostics } = decodeFlattenedDeviceTree(zeros(100), 'fdt');
  expect(table).toBeUndefined();
  expect(diagnostics).toMatchObject([{ file: 'fdt', severity: 'error', offset: 0 }]);
});

it('the samples are sound', () => {
  for (const bytes of sampleDeviceTrees()) expect(decodeFlattenedDeviceTree(bytes, 'fdt').diagnostics).toEqual([]);
});
