/**
 * @module An address space: which memory the addresses of devices lead to, and with which protection.
 */
import { ExistsError, InvalidError, type IsolationError } from '../errors.ts';
import type { IommuOps } from './iommu-ops.ts';
import {
  type AddressRules,
  addressRules,
  hex,
  rangeProblem,
  reservedError,
  reservedRegionIn,
  targetProblem,
} from './mapping-checks.ts';
import { leafAddress, leafBits, poolBytes } from './node-pool.ts';
import {
  createPageTable,
  emptyTable,
  insertPage,
  nextPage,
  PAGE_SIZES,
  type PageLevel,
  type PageTable,
  removeRange,
  reserveFor,
  walk,
} from './page-table.ts';
import { type Protection, protectionBits, protectionOf } from './protection.ts';

/** Where an IOVA leads. */
export interface Resolution {
  readonly address: number;
  readonly protection: Protection;
  /** Bytes of the page that translates it. */
  readonly pageSize: number;
}

/** Pages side by side that lead to memory side by side with one protection. */
export interface Mapping {
  readonly iova: number;
  readonly address: number;
  readonly length: number;
  readonly protection: Protection;
}

export interface Usage {
  /** Bytes mapped. */
  readonly mapped: number;
  /** Nodes of 512 entries in the page table; an empty one has a root. */
  readonly nodes: number;
  /** Bytes that the page table holds, for those nodes and for more to come. */
  readonly table: number;
}

/** All addresses and lengths are whole numbers of bytes below 2^53. */
export interface AddressSpace {
  /**
   * Lets the IOVAs from `iova` lead to the memory from `address`, with the largest pages that fit. All of it or nothing.
   * @throws InvalidError not aligned to the smallest page, reserved, or no protection; OutOfRangeError beyond the width of
   * the IOMMU or 2^53; ExistsError something is mapped there: `operands.inTheWay` is the mapping; NoMemoryError there is no
   * room for the page table.
   */
  map(iova: number, address: number, length: number, protection: Protection): void;
  /**
   * Takes out what is mapped of a range; holes are passed over. A larger page that sticks out of the range is split, and
   * what is outside stays as it was. With the last page goes the memory of a table that has grown above 1 MiB; one that
   * is smaller, or not empty, keeps it for pages to come.
   * @returns bytes that were mapped.
   * @throws InvalidError not aligned; OutOfRangeError beyond the width; NoMemoryError there is none to split a page, and all
   * stays mapped.
   */
  unmap(iova: number, length: number): number;
  /** Where an IOVA leads; undefined where nothing is mapped, wherever that is. */
  resolve(iova: number): Resolution | undefined;
  /** All mappings, ascending, as long as they can be told. */
  mappings(): Generator<Mapping>;
  readonly usage: Usage;
}

/** An address space and what its owner does with it. */
export interface OwnedAddressSpace extends AddressSpace {
  readonly rules: AddressRules;
  /** Takes out everything; nothing can be mapped any more. */
  close(): void;
}

export function createAddressSpace(ops: IommuOps): OwnedAddressSpace {
  return new TableAddressSpace(ops);
}

/** A class for the reason that domains are one. */
class TableAddressSpace implements OwnedAddressSpace {
  readonly rules: AddressRules;
  readonly #table: PageTable;
  #open = true;

  constructor(ops: IommuOps) {
    this.rules = addressRules(ops);
    this.#table = createPageTable(ops.addressBits ?? 48, ops.pageSizes);
  }

  map(iova: number, address: number, length: number, protection: Protection): void {
    const table = this.#table;
    const bits = protectionBits(protection);
    const problem = mapProblem(this.rules, iova, address, length);
    if (problem !== undefined) throw problem;
    if (bits === 0) throw noProtection(protection);
    if (!this.#open) throw closedError();
    const level = levelFor(table, iova, address, length);
    if (length === PAGE_SIZES[level]) {
      if (!insertPage(table, level, iova, address, bits)) throw overlapError(table, iova, length);
      return;
    }
    if (nextPage(table, iova, iova + length) !== undefined) throw overlapError(table, iova, length);
    reserveFor(table, iova, address, length);
    for (let done = 0; done < length; ) {
      const next = levelFor(table, iova + done, address + done, length - done);
      insertPage(table, next, iova + done, address + done, bits);
      done += PAGE_SIZES[next];
    }
  }

  unmap(iova: number, length: number): number {
    const problem = rangeProblem(this.rules, iova, length);
    if (problem !== undefined) throw problem;
    return removeRange(this.#table, iova, iova + length);
  }

  resolve(iova: number): Resolution | undefined {
    if (!(iova >= 0 && iova < this.rules.limit)) return undefined;
    const table = this.#table;
    const word = walk(table, iova);
    if (word === 0) return undefined;
    const pageSize = PAGE_SIZES[table.level as PageLevel];
    return {
      address: leafAddress(table.pool, table.entry, word) + (iova & (pageSize - 1)),
      protection: protectionOf(leafBits(word)),
      pageSize,
    };
  }

  mappings(): Generator<Mapping> {
    return mappingsOf(this.#table, this.rules.limit);
  }

  get usage(): Usage {
    const { mappedBytes, pool } = this.#table;
    return { mapped: mappedBytes, nodes: pool.live, table: poolBytes(pool) };
  }

  close(): void {
    this.#open = false;
    emptyTable(this.#table);
  }
}

/** Of the pages that fit at the start of a range, the largest. */
function levelFor({ leafLevels }: PageTable, iova: number, address: number, length: number): PageLevel {
  const [, middleSize, largeSize] = PAGE_SIZES;
  if (leafLevels[2] && length >= largeSize && iova % largeSize === 0 && address % largeSize === 0) return 2;
  if (leafLevels[1] && length >= middleSize && iova % middleSize === 0 && address % middleSize === 0) return 1;
  return leafLevels[0] ? 0 : leafLevels[1] ? 1 : 2;
}

function mapProblem(rules: AddressRules, iova: number, address: number, length: number): IsolationError | undefined {
  const problem = rangeProblem(rules, iova, length) ?? targetProblem(rules, address, length);
  if (problem !== undefined) return problem;
  const region = reservedRegionIn(rules, iova, length);
  return region === undefined ? undefined : reservedError(region, iova, length);
}

function noProtection(protection: unknown): InvalidError {
  return new InvalidError({
    says: `"${String(protection)}" is no protection`,
    next: 'give one of r, w, x, rw, rx, wx, rwx',
    operands: { protection },
  });
}

function closedError(): InvalidError {
  return new InvalidError({
    says: 'the domain was released',
    next: 'create a domain on a group first',
    operands: {},
  });
}

function overlapError(table: PageTable, iova: number, length: number): ExistsError {
  const [inTheWay] = mappingsOf(table, iova + length, iova);
  const { iova: from, length: bytes, address } = inTheWay as Mapping;
  return new ExistsError({
    says: `${hex(iova)} and ${hex(length)} bytes overlap the mapping of ${hex(from)} and ${hex(bytes)} bytes to ${hex(address)}`,
    next: 'unmap that first, or map elsewhere',
    operands: { iova, length, inTheWay },
  });
}

/** Mappings that have a page in the range, from the start of the first such page. */
function* mappingsOf(table: PageTable, to: number, from = 0): Generator<Mapping> {
  let run = nextPage(table, from, to);
  while (run !== undefined) {
    const end = run.iova + run.length;
    const next = nextPage(table, end, to);
    if (
      next !== undefined &&
      next.iova === end &&
      next.address === run.address + run.length &&
      next.bits === run.bits
    ) {
      run = { ...run, length: run.length + next.length };
      continue;
    }
    yield { iova: run.iova, address: run.address, length: run.length, protection: protectionOf(run.bits) };
    run = next;
  }
}
