/**
 * @module Mutations of byte strings.
 */
import { createRandom, type Random, seedOf } from './random.ts';
import type { FuzzTarget } from './target.ts';

/** Values at which lengths, counts and offsets tend to break. */
const EDGES: readonly number[] = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 254, 255, 256, 0xfff, 0x1000, 0x7fff, 0x8000, 0xfffe, 0xffff,
  0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** The seeds of a target, with the places in each where something other than zeros stands. */
export interface Corpus {
  readonly inputs: readonly { readonly bytes: Uint8Array; readonly hot: readonly number[] }[];
}

export function corpusOf(target: FuzzTarget): Corpus {
  return {
    inputs: target.seeds().map((bytes) => {
      const hot: number[] = [];
      for (let i = 0; i < bytes.length; i++) {
        if (bytes.subarray(Math.max(0, i - 3), i + 4).some((b) => b !== 0)) hot.push(i);
      }
      return { bytes, hot };
    }),
  };
}

/** The n-th input of a run. Depends on target, seed and n only. */
export function inputOf(target: FuzzTarget, corpus: Corpus, runSeed: number, n: number): Uint8Array {
  const random = createRandom(seedOf(runSeed, n));
  const { bytes: seed, hot } = random.pick(corpus.inputs);
  let bytes: Uint8Array = seed.slice();
  // Mostly a few changes, so that what is parsed first stays sound; now and then a lot of them.
  const changes = random.oneIn(16) ? 1 + random.below(64) : 1 + random.below(5);
  const place = (): number => (hot.length > 0 && !random.oneIn(4) ? random.pick(hot) : random.below(bytes.length + 1));
  for (let i = 0; i < changes; i++) bytes = change(bytes, place(), target, corpus, random);
  const longest = target.longest ?? 4096;
  if (bytes.length > longest) bytes = bytes.slice(0, longest);
  if (!random.oneIn(4)) target.repair?.(bytes, random);
  return bytes;
}

function change(bytes: Uint8Array, at: number, target: FuzzTarget, corpus: Corpus, random: Random): Uint8Array {
  const room = bytes.length - at;
  switch (random.below(12)) {
    case 0:
    case 1:
      if (room > 0) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      return bytes;
    case 2:
      if (room > 0) bytes[at] = random.u32() & 0xff;
      return bytes;
    case 3:
    case 4:
    case 5:
      writeEdge(bytes, at, random);
      return bytes;
    case 6: {
      // A little more or a little less than what stands there.
      if (room > 0) bytes[at] = ((bytes[at] as number) + random.below(33) - 16) & 0xff;
      return bytes;
    }
    case 7:
      return bytes.slice(0, at);
    case 8:
      return spliced(bytes, at, 0, new Uint8Array(1 + random.below(32)).fill(random.oneIn(2) ? 0 : random.u32()));
    case 9:
      return spliced(bytes, at, 1 + random.below(32), new Uint8Array(0));
    case 10: {
      // A piece of this or another seed, over what is there or between it.
      const donor = random.oneIn(2) ? bytes : random.pick(corpus.inputs).bytes;
      const from = random.below(donor.length);
      const piece = donor.slice(from, from + 1 + random.below(64));
      return spliced(bytes, at, random.oneIn(2) ? piece.length : 0, piece);
    }
    default: {
      const word = target.dictionary !== undefined ? random.pick(target.dictionary) : undefined;
      if (word !== undefined) return spliced(bytes, at, random.oneIn(2) ? word.length : 0, word);
      bytes.fill(random.pick([0, 0xff]), at, at + 1 + random.below(64));
      return bytes;
    }
  }
}

function writeEdge(bytes: Uint8Array, at: number, random: Random): void {
  const size = random.pick([1, 2, 4]);
  if (at + size > bytes.length) return;
  const value = random.oneIn(4) ? random.below(bytes.length + 2) : random.pick(EDGES);
  const littleEndian = !random.oneIn(3);
  for (let i = 0; i < size; i++) {
    bytes[at + (littleEndian ? i : size - 1 - i)] = Math.floor(value / 256 ** i) & 0xff;
  }
}

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const tail = bytes.subarray(Math.min(bytes.length, at + remove));
  const result = new Uint8Array(Math.min(at, bytes.length) + insert.length + tail.length);
  result.set(bytes.subarray(0, at), 0);
  result.set(insert, Math.min(at, bytes.length));
  result.set(tail, Math.min(at, bytes.length) + insert.length);
  return result;
}
