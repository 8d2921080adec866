/**
 * @module Bytes of a flattened device tree to the facts that bear on isolation: PCI host bridges and their maps.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex } from '../bytes/text.ts';
import type { Diagnostic } from '../facts/diagnostic.ts';
import type { DeviceTree, DtHostBridge, DtIommuMap } from './device-tree.ts';
import { cellOf, cellsOf, textsOf } from './dt-property.ts';
import { type DtNode, readFlattenedDeviceTree } from './flattened-device-tree.ts';

export interface DecodedDeviceTree {
  /** Undefined where the bytes are no flattened device tree; the diagnostics say why. */
  readonly table: DeviceTree | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws. */
export function decodeFlattenedDeviceTree(bytes: Uint8Array, file: string): DecodedDeviceTree {
  const log = diagnosticLog(file);
  const nodes = readFlattenedDeviceTree(bytes, log);
  return { table: nodes && interpret(nodes, log), diagnostics: log.list() };
}

function interpret(nodes: readonly DtNode[], log: DiagnosticLog): DeviceTree {
  const places = placeNodes(nodes);
  const phandles = new Map<number, Placed>();
  for (const placed of places) {
    const phandle = cellOf(placed.node, 'phandle') ?? cellOf(placed.node, 'linux,phandle');
    if (phandle !== undefined && !phandles.has(phandle)) phandles.set(phandle, placed);
  }
  // A PCI bus below another is one of its ports.
  const hostBridges = places
    .filter((p) => p.isPciBus && !p.belowPciBus && p.enabled)
    .map((p) => decodeHostBridge(p.node, phandles, log));
  return Object.freeze({ kind: 'device-tree', hostBridges: Object.freeze(hostBridges) });
}

/** A node with what it has from the nodes above it. */
interface Placed {
  readonly node: DtNode;
  /** Neither the node nor one above it is disabled: Linux makes no device of such a node. */
  readonly enabled: boolean;
  readonly isPciBus: boolean;
  readonly belowPciBus: boolean;
}

function placeNodes(nodes: readonly DtNode[]): readonly Placed[] {
  const places = new Map<DtNode, Placed>();
  // Parents come before children.
  for (const node of nodes) {
    const above = node.parent && places.get(node.parent);
    const [status = 'okay'] = textsOf(node, 'status');
    places.set(node, {
      node,
      enabled: (status === 'okay' || status === 'ok') && above?.enabled !== false,
      isPciBus: isPciBus(node),
      belowPciBus: above !== undefined && (above.isPciBus || above.belowPciBus),
    });
  }
  return [...places.values()];
}

/**
 * Host bridges have device_type "pci", most of them. Where it is missing the compatible text tells, together with the
 * three address cells of a PCI bus: a PHY or an endpoint controller has "pci" in its text as well, but no bus.
 */
function isPciBus(node: DtNode): boolean {
  if (textsOf(node, 'device_type')[0] === 'pci') return true;
  return textsOf(node, 'compatible').some((text) => /pci|ecam/.test(text)) && cellOf(node, '#address-cells') === 3;
}

function decodeHostBridge(node: DtNode, phandles: ReadonlyMap<number, Placed>, log: DiagnosticLog): DtHostBridge {
  const [busFirst, busLast] = decodeBusRange(node, log);
  const msiPhandle = cellsOf(node, 'msi-map')?.[1] ?? cellOf(node, 'msi-parent');
  const msiNode = msiPhandle === undefined ? undefined : phandles.get(msiPhandle)?.node;
  if (msiPhandle !== undefined && msiNode === undefined) {
    log.warning(`${node.path}: no node has the phandle ${hex(msiPhandle)} of its interrupt controller`, node.offset);
  }
  return Object.freeze({
    path: node.path,
    segment: cellOf(node, 'linux,pci-domain'),
    busFirst,
    busLast,
    iommuMap: decodeIommuMap(node, phandles, log),
    iommuMapMask: cellOf(node, 'iommu-map-mask') ?? 0xffff_ffff,
    msiController: msiNode && textsOf(msiNode, 'compatible')[0],
    atsSupported: node.properties.has('ats-supported'),
  });
}

function decodeBusRange(node: DtNode, log: DiagnosticLog): readonly [first: number, last: number] {
  const cells = cellsOf(node, 'bus-range');
  if (cells === undefined) return [0, 0xff];
  const [first, last] = cells;
  if (first !== undefined && last !== undefined && first <= last && last <= 0xff) return [first, last];
  log.warning(
    `${node.path}: bus-range ${cells.slice(0, 2).map(hex).join(' ')} is none; all busses are assumed`,
    node.offset,
  );
  return [0, 0xff];
}

const IOMMU_MAP_CELLS = 4;

/**
 * `iommu-map`: first requester id, IOMMU, first id there, length. A map whose size is wrong, or 0, translates nothing
 * (of_map_id fails): it is an empty map, not a missing one. So does an entry whose IOMMU is disabled or not in the tree.
 */
function decodeIommuMap(
  node: DtNode,
  phandles: ReadonlyMap<number, Placed>,
  log: DiagnosticLog,
): readonly DtIommuMap[] | undefined {
  const property = node.properties.get('iommu-map');
  if (property === undefined) return undefined;
  const size = property.bytes.length;
  if (size === 0 || size % (4 * IOMMU_MAP_CELLS) !== 0) {
    log.error(
      `${node.path}: iommu-map of ${size} bytes is not made of entries of 16; it maps nothing`,
      property.offset,
    );
    return Object.freeze([]);
  }
  const cells = cellsOf(node, 'iommu-map') as readonly number[];
  const map: DtIommuMap[] = [];
  for (let i = 0; i < cells.length; i += IOMMU_MAP_CELLS) {
    const [ridBase, phandle, iommuBase, length] = cells.slice(i, i + IOMMU_MAP_CELLS) as [
      number,
      number,
      number,
      number,
    ];
    const iommu = phandles.get(phandle);
    const at = property.offset + 4 * i;
    if (iommu === undefined) {
      log.error(`${node.path}: iommu-map names phandle ${hex(phandle)}, which no node has`, at);
    } else if (!iommu.enabled) {
      log.warning(`${node.path}: iommu-map names ${iommu.node.path}, which is disabled`, at);
    } else map.push(Object.freeze({ ridBase, iommu: iommu.node.path, iommuBase, length }));
  }
  return Object.freeze(map);
}
