/**
 * @module Group numbers as the kernel hands them out: the lowest free integer; freed ones are used again.
 */

export interface IdAllocator {
  take(): number;
  free(id: number): void;
}

export function createIdAllocator(): IdAllocator {
  let next = 0;
  const freed: number[] = [];
  return {
    take() {
      if (freed.length === 0) return next++;
      const lowest = Math.min(...freed);
      freed.splice(freed.indexOf(lowest), 1);
      return lowest;
    },
    free(id) {
      freed.push(id);
    },
  };
}
