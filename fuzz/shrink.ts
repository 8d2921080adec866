/**
 * @module Makes a faulty input smaller and plainer while the fault stays.
 */

/** `isFaulty` must hold for `bytes`. Tries a few thousand candidates. */
export async function shrink(
  bytes: Uint8Array,
  isFaulty: (candidate: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = bytes;
  let left = 3000;
  const accept = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || !(await isFaulty(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1 && left > 0; size >>= 1) {
    for (let at = best.length - size; at >= 0 && left > 0; at -= size) {
      const without = new Uint8Array(best.length - size);
      without.set(best.subarray(0, at), 0);
      without.set(best.subarray(at + size), at);
      if (await accept(without)) continue;
      const zeroed = best.slice().fill(0, at, at + size);
      if (zeroed.some((b, i) => b !== best[i])) await accept(zeroed);
    }
  }
  return best;
}
