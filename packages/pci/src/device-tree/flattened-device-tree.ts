/**
 * @module The flattened form of a device tree (Devicetree Specification 0.4, chapter 5): nodes and their properties.
 */
import { viewOf } from '../bytes/data-view.ts';
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex, nulAt, textAt } from '../bytes/text.ts';

export interface DtNode {
  /** `/soc/pcie@10000000`; `/` for the root. */
  readonly path: string;
  readonly parent: DtNode | undefined;
  /** Of the node in the file. */
  readonly offset: number;
  /** Bytes by name; numbers in them are big endian. */
  readonly properties: ReadonlyMap<string, DtProperty>;
}

interface DtProperty {
  /** Of the value in the file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const HEADER_SIZE = 40;
const MAGIC = 0xd00dfeed;
/** Versions before 16 name nodes by their full path; a "last compatible version" above 17 is not for us. */
const OLDEST_VERSION = 16;
const NEWEST_VERSION = 17;

const BEGIN_NODE = 1;
const END_NODE = 2;
const PROPERTY = 3;
const NOP = 4;
const END = 9;

/** Linux leaves out nodes that are nested deeper (FDT_MAX_DEPTH). */
const MOST_DEPTH = 63;
/** Names of properties have 31 characters at most; a longer one is none that anybody looks for. */
const MOST_NAME = 64;

/** All nodes, parents before children. Where the structure breaks off, those before it; undefined without a header. */
export function readFlattenedDeviceTree(bytes: Uint8Array, log: DiagnosticLog): readonly DtNode[] | undefined {
  const header = readHeader(bytes, log);
  return header === undefined ? undefined : readNodes(bytes, header, log);
}

/** Where the two blocks are: first byte, and the one after the last. */
interface Blocks {
  readonly structure: number;
  readonly structureEnd: number;
  readonly strings: number;
  readonly stringsEnd: number;
}

function readHeader(bytes: Uint8Array, log: DiagnosticLog): Blocks | undefined {
  if (bytes.length < HEADER_SIZE) {
    log.error(`${bytes.length} bytes are too few for a flattened device tree`);
    return undefined;
  }
  const view = viewOf(bytes);
  if (view.getUint32(0) !== MAGIC) {
    log.error(`starts with ${hex(view.getUint32(0))}, not with ${hex(MAGIC)}`, 0);
    return undefined;
  }
  const version = view.getUint32(20);
  if (version < OLDEST_VERSION || view.getUint32(24) > NEWEST_VERSION) {
    log.error(`version ${version} (compatible with ${view.getUint32(24)}) is not supported`, 20);
    return undefined;
  }
  const total = view.getUint32(4);
  if (total > bytes.length) {
    log.error(`the file ends at byte ${bytes.length}, the tree has ${total}; what is missing is not used`, 4);
  }
  const limit = Math.min(total, bytes.length);
  const structure = view.getUint32(8);
  const strings = view.getUint32(12);
  if (structure >= limit || strings > limit) {
    log.error(`structure at ${hex(structure)} or names at ${hex(strings)} lie outside the tree`, 8);
    return undefined;
  }
  // Version 16 does not state the size of the structure, which ends itself.
  const structureSize = version < 17 ? limit : view.getUint32(36);
  return {
    structure,
    structureEnd: Math.min(limit, structure + structureSize),
    strings,
    stringsEnd: Math.min(limit, strings + view.getUint32(32)),
  };
}

function readNodes(bytes: Uint8Array, blocks: Blocks, log: DiagnosticLog): readonly DtNode[] {
  const view = viewOf(bytes);
  // Tokens are aligned within the structure, wherever that starts.
  const aligned = (at: number): number => at + (-(at - blocks.structure) & 3);
  const nodes: DtNode[] = [];
  /** From the root to the node that is being read. A node that is nested too deep has no entry in `nodes`. */
  const open: { node: DtNode; properties: Map<string, DtProperty>; hasChildren: boolean }[] = [];
  const names = new Map<number, string>();
  const nameAt = (offset: number): string => {
    let name = names.get(offset);
    if (name === undefined) {
      const at = blocks.strings + offset;
      name = textAt(bytes, at, Math.min(at + MOST_NAME, blocks.stringsEnd));
      names.set(offset, name);
    }
    return name;
  };

  let at = blocks.structure;
  const broken = (what: string): readonly DtNode[] => {
    log.error(`${what}; the tree is used up to here`, Math.min(at, bytes.length));
    return nodes;
  };
  for (;;) {
    if (at + 4 > blocks.structureEnd) return broken('the structure ends without an end token');
    const token = view.getUint32(at);
    const current = open.at(-1);
    switch (token) {
      case BEGIN_NODE: {
        const nameEnd = nulAt(bytes, at + 4, blocks.structureEnd);
        if (nameEnd === blocks.structureEnd) return broken('name of a node without an end');
        const parent = current?.node;
        if (parent === undefined && nodes.length > 0) return broken('second root node');
        const name = textAt(bytes, at + 4, nameEnd);
        const path = parent === undefined ? '/' : `${parent.path === '/' ? '' : parent.path}/${name}`;
        const properties = new Map<string, DtProperty>();
        const node = { path, parent, offset: at, properties };
        if (open.length < MOST_DEPTH) nodes.push(node);
        else log.warning(`node is nested deeper than ${MOST_DEPTH}; it is left out, as Linux does`, at);
        if (current !== undefined) current.hasChildren = true;
        open.push({ node, properties, hasChildren: false });
        at = aligned(nameEnd + 1);
        break;
      }
      case END_NODE:
        if (open.pop() === undefined) return broken('end of a node that has not begun');
        at += 4;
        break;
      case PROPERTY: {
        if (current === undefined) return broken('property outside of a node');
        if (at + 12 > blocks.structureEnd) return broken('property without a header');
        const length = view.getUint32(at + 4);
        const offset = at + 12;
        if (length > blocks.structureEnd - offset) return broken(`property of ${length} bytes passes the end`);
        const name = nameAt(view.getUint32(at + 8));
        if (current.hasChildren) {
          log.warning(`property "${name}" after a child of its node is ignored, as Linux does`, at);
        } else if (!current.properties.has(name)) {
          // Of two with one name Linux finds the first.
          current.properties.set(name, { offset, bytes: bytes.subarray(offset, offset + length) });
        }
        at = aligned(offset + length);
        break;
      }
      case NOP:
        at += 4;
        break;
      case END:
        return open.length > 0 ? broken('end of the tree inside a node') : nodes;
      default:
        return broken(`unknown token ${hex(token)}`);
    }
  }
}
