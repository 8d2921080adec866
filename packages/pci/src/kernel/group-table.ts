/**
 * @module The groups as they stand while the kernel's decisions are replayed.
 */
import type { Join } from './group-decision.ts';
import { createIdAllocator } from './id-allocator.ts';

export interface GroupTable {
  /** Group number of each function; -1 for none. */
  readonly groupOf: Int32Array;
  /** How each function came to its group; undefined without one. */
  readonly joinOf: (Join | undefined)[];
  add(function_: number, join: Join): void;
  remove(function_: number): void;
  addOther(name: string): void;
  removeOther(name: string): void;
}

export function createGroupTable(count: number): GroupTable {
  const ids = createIdAllocator();
  const groupOf = new Int32Array(count).fill(-1);
  const joinOf: (Join | undefined)[] = new Array(count);
  const size: number[] = [];
  const others = new Map<string, number>();
  const leave = (id: number): void => {
    size[id] = (size[id] as number) - 1;
    // A group dies with its last member, and its number is free again.
    if (size[id] === 0) ids.free(id);
  };
  return {
    groupOf,
    joinOf,
    add(i, join) {
      let id: number;
      if (join.rule === 'new') {
        id = ids.take();
        size[id] = 0;
      } else id = groupOf[join.witness] as number;
      size[id] = (size[id] as number) + 1;
      groupOf[i] = id;
      joinOf[i] = join;
    },
    remove(i) {
      const id = groupOf[i] as number;
      if (id < 0) return;
      groupOf[i] = -1;
      joinOf[i] = undefined;
      leave(id);
    },
    addOther(name) {
      const id = ids.take();
      size[id] = 1;
      others.set(name, id);
    },
    removeOther(name) {
      const id = others.get(name);
      if (id !== undefined) leave(id);
      others.delete(name);
    },
  };
}
