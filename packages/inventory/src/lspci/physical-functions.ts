/**
 * @module Which devices are virtual functions, and of which physical function (PCIe 6.0, 9.2.1.2): the first one's
 * requester id is that of the PF plus First VF Offset, each further one's is VF Stride higher.
 */
import { formatAddress, isUnknown, type PciAddress, requesterId } from '@isogroups/pci';
import type { PlacedFunction } from './addresses.ts';

/** Real machines have some thousand virtual functions; a text may claim 65535 for each of its devices. */
const MOST_STEPS = 1_000_000;

/** PF by the name of each VF that the SR-IOV capabilities of the text account for. */
export function physicalFunctions(placed: readonly PlacedFunction[]): ReadonlyMap<string, PlacedFunction> {
  const owners = new Map<string, PlacedFunction>();
  const listed = new Set(placed.map((p) => p.name));
  let steps = 0;
  for (const pf of placed) {
    for (const vf of virtualFunctions(pf)) {
      if (++steps > MOST_STEPS) return owners;
      const name = formatAddress(vf);
      if (name !== pf.name && listed.has(name) && !owners.has(name)) owners.set(name, pf);
    }
  }
  return owners;
}

function* virtualFunctions(pf: PlacedFunction): Generator<PciAddress> {
  const { sriov } = pf.described.facts;
  if (isUnknown(sriov) || sriov === null || sriov.enabled !== true) return;
  const { numVfs, firstVfOffset, vfStride } = sriov;
  if (isUnknown(numVfs) || isUnknown(firstVfOffset) || isUnknown(vfStride)) return;
  // With one VF the stride does not matter; with more it cannot be 0.
  if (firstVfOffset === 0 || (vfStride === 0 && numVfs > 1)) return;
  for (let n = 0; n < numVfs; n++) {
    const id = requesterId(pf.address) + firstVfOffset + n * vfStride;
    if (id > 0xffff) return;
    yield { segment: pf.address.segment, bus: id >> 8, devfn: id & 0xff };
  }
}

/** By its name, which pci.ids gives to most of them (white space left out). */
export function namedVirtual(pf: PlacedFunction): boolean {
  return /VirtualFunction/i.test(pf.described.heading.squeezedName);
}
