/**
 * @module Builds flattened device trees, for tests and fuzzing.
 */
import { ascii, be32, concat, zeros } from '../encode/bytes.ts';

export interface DtNodeRecipe {
  /** Texts get their NUL, numbers become a cell each. */
  readonly properties?: Readonly<Record<string, string | number | readonly number[] | readonly string[] | Uint8Array>>;
  readonly children?: Readonly<Record<string, DtNodeRecipe>>;
}

const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, zeros(-bytes.length & 3));

function encode(value: NonNullable<DtNodeRecipe['properties']>[string]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const values = typeof value === 'object' ? value : [value];
  return concat(...values.map((v) => (typeof v === 'number' ? be32(v) : ascii(`${v}\0`))));
}

export function buildDeviceTree(root: DtNodeRecipe): Uint8Array {
  const names = new Map<string, number>();
  let namesSize = 0;
  const nameOffset = (name: string): number => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const offset = namesSize;
    names.set(name, offset);
    namesSize += name.length + 1;
    return offset;
  };
  const node = (name: string, recipe: DtNodeRecipe): Uint8Array =>
    concat(
      be32(1),
      padded(ascii(`${name}\0`)),
      ...Object.entries(recipe.properties ?? {}).map(([key, value]) => {
        const bytes = encode(value);
        return concat(be32(3, bytes.length, nameOffset(key)), padded(bytes));
      }),
      ...Object.entries(recipe.children ?? {}).map(([key, child]) => node(key, child)),
      be32(2),
    );

  const structure = concat(node('', root), be32(9));
  const strings = ascii([...names.keys()].map((n) => `${n}\0`).join(''));
  const structureAt = 40 + 16;
  const stringsAt = structureAt + structure.length;
  return concat(
    be32(
      0xd00dfeed,
      stringsAt + strings.length,
      structureAt,
      stringsAt,
      40,
      17,
      16,
      0,
      strings.length,
      structure.length,
    ),
    // No reserved memory.
    zeros(16),
    structure,
    strings,
  );
}

/** Trees that between them have all that is decoded. */
export function sampleDeviceTrees(): readonly Uint8Array[] {
  return [
    buildDeviceTree({}),
    buildDeviceTree({
      properties: { compatible: 'linux,dummy-virt', '#address-cells': 2 },
      children: {
        'intc@8000000': {
          properties: { compatible: 'arm,gic-v3' },
          children: { 'its@8080000': { properties: { compatible: 'arm,gic-v3-its', phandle: 3 } } },
        },
        'smmuv3@9050000': { properties: { compatible: 'arm,smmu-v3', phandle: 4 } },
        'pcie@10000000': {
          properties: {
            device_type: 'pci',
            compatible: 'pci-host-ecam-generic',
            '#address-cells': 3,
            'bus-range': [0, 0x7f],
            'linux,pci-domain': 1,
            'iommu-map': [0, 4, 0, 0x100, 0x200, 4, 0x200, 0xfe00],
            'iommu-map-mask': 0xffff,
            'msi-map': [0, 3, 0, 0x10000],
            'ats-supported': new Uint8Array(0),
          },
          children: { 'pcie@0,0': { properties: { device_type: 'pci', '#address-cells': 3 } } },
        },
        'pcie@20000000': { properties: { device_type: 'pci', 'msi-parent': 3, status: 'disabled' } },
      },
    }),
  ];
}
