import { describe, expect, it } from 'vitest';
import { diagnosticLog } from '../bytes/diagnostic-log.ts';
import { be32, concat, patched, zeros } from '../encode/bytes.ts';
import { buildDeviceTree, type DtNodeRecipe } from '../testing/build-device-tree.ts';
import { readFlattenedDeviceTree } from './flattened-device-tree.ts';

const read = (bytes: Uint8Array) => {
  const log = diagnosticLog('fdt');
  const nodes = readFlattenedDeviceTree(bytes, log);
  return {
    nodes,
    paths: nodes?.map((n) => n.path),
    told: log.list().map((d) => [d.severity, d.offset, d.message] as const),
  };
};
const tree = buildDeviceTree({
  properties: { model: 'x' },
  children: { soc: { properties: { reg: [1, 2], empty: zeros(0), odd: zeros(5) }, children: { 'a@1': {} } }, b: {} },
});
// The structure starts at 56: root node (8 bytes), property model (12 + 4), node soc at 80.
const ROOT = 56;
const SOC = ROOT + 24;

it('reads nodes in order, and properties where they are', () => {
  const { nodes, paths, told } = read(tree);
  expect(told).toEqual([]);
  expect(paths).toEqual(['/', '/soc', '/soc/a@1', '/b']);
  const soc = nodes?.[1];
  expect(soc?.offset).toBe(SOC);
  expect(soc?.parent).toBe(nodes?.[0]);
  expect([...(soc?.properties.keys() ?? [])]).toEqual(['reg', 'empty', 'odd']);
  expect(soc?.properties.get('reg')).toEqual({ offset: SOC + 20, bytes: be32(1, 2) });
  expect(soc?.properties.get('odd')?.bytes).toHaveLength(5);
});

it('passes over NOP tokens', () => {
  // The property "model" turned into four of them.
  expect(read(patched(tree, ROOT + 8, be32(4, 4, 4, 4))).paths).toHaveLength(4);
});

it('takes the first of two properties with one name', () => {
  const twice = buildDeviceTree({ properties: { aa: 1, ab: 2 } });
  // Both point to the name of the first.
  const { nodes } = read(patched(twice, ROOT + 8 + 16 + 8, be32(0)));
  expect(nodes?.[0]?.properties.get('aa')?.bytes).toEqual(be32(1));
  expect(nodes?.[0]?.properties.size).toBe(1);
});

it('ignores a property that comes after a child of its node', () => {
  // The node "a@1" and the end of it, put before the properties of "soc" in place of the first of them.
  const { nodes, told } = read(patched(tree, SOC + 8, be32(1, 0x61000000, 2, 4, 4)));
  expect(nodes?.[1]).toMatchObject({ path: '/soc', properties: new Map() });
  expect(told.map((t) => t.slice(0, 2))).toEqual([
    ['warning', SOC + 8 + 20],
    ['warning', SOC + 8 + 32],
  ]);
});

it('reads a tree of version 16, which does not state the size of its structure', () => {
  expect(read(patched(patched(tree, 20, be32(16)), 36, be32(0))).paths).toHaveLength(4);
});

it('leaves out what is nested deeper than 63, and goes on after it', () => {
  let recipe: DtNodeRecipe = {};
  for (let i = 0; i < 70; i++) recipe = { children: { n: recipe } };
  const { paths, told } = read(buildDeviceTree({ children: { deep: recipe, after: {} } }));
  expect(paths).toHaveLength(63 + 1);
  expect(paths?.at(-1)).toBe('/after');
  expect(told[0]?.[0]).toBe('warning');
});

describe('no tree at all', () => {
  it.each([
    ['too short', tree.subarray(0, 39), undefined],
    ['other magic', patched(tree, 0, be32(0xedfe0dd0)), 0],
    ['too old', patched(tree, 20, be32(15)), 20],
    ['too new', patched(tree, 24, be32(18)), 20],
    ['structure outside', patched(tree, 8, be32(0xffff)), 8],
    ['names outside', patched(tree, 12, be32(0xffff)), 8],
  ])('%s', (_, bytes, offset) => {
    const { nodes, told } = read(bytes);
    expect(nodes).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(told[0]?.slice(0, 2)).toEqual(['error', offset]);
  });
});

describe('a broken structure is used up to where it breaks', () => {
  const soc = ['/', '/soc'];
  it.each([
    ['unknown token', patched(tree, SOC + 8, be32(7)), soc, SOC + 8],
    ['end of a node too many', concat(patched(tree, SOC, be32(2, 2))), ['/'], SOC + 4],
    ['end of the tree inside a node', patched(tree, SOC + 8, be32(9)), soc, SOC + 8],
    ['property that passes the end', patched(tree, SOC + 12, be32(0xffff_fff0)), soc, SOC + 8],
    ['property outside of a node', patched(tree, ROOT, be32(3)), [], ROOT],
    ['structure that ends early', patched(tree, 36, be32(32)), soc, SOC + 8],
    ['name without an end', patched(patched(tree, 36, be32(32)), SOC + 4, be32(0x41414141)), ['/'], SOC],
  ])('%s', (_, bytes, paths, offset) => {
    const result = read(bytes);
    expect(result.paths).toEqual(paths);
    expect(result.told).toHaveLength(1);
    expect(result.told[0]?.slice(0, 2)).toEqual(['error', offset]);
  });

  it('a second root', () => {
    const two = patched(tree, ROOT, be32(1, 0, 2, 1));
    expect(read(two)).toMatchObject({
      paths: ['/'],
      told: [['error', ROOT + 12, expect.stringContaining('second root')]],
    });
  });

  it('a cut file', () => {
    const { paths, told } = read(tree.subarray(0, SOC + 10));
    expect(told.at(-1)?.[0]).toBe('error');
    // The names come last in the file, so they are lost first.
    expect(paths).toBeUndefined();
  });
});
