/**
 * @module SMMUv3 admits one device for each stream id: a second one is refused and gets no group.
 */
import type { StreamId } from './iort.ts';

export interface StreamOwners {
  /** False where another device already owns one of the streams; nothing is taken then. */
  take(device: number, streams: readonly StreamId[]): boolean;
}

export function createStreamOwners(): StreamOwners {
  const owner = new Map<string, number>();
  const key = (s: StreamId): string => `${s.smmu}:${s.id}`;
  return {
    take(device, streams) {
      for (const s of streams) {
        const other = owner.get(key(s));
        if (other !== undefined && other !== device) return false;
      }
      for (const s of streams) owner.set(key(s), device);
      return true;
    },
  };
}
