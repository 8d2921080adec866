/**
 * @module Configuration space, against a naive restatement of how Linux looks for capabilities.
 */
import { decodeConfigSpace } from '../../packages/pci/src/config-space/decode-config-space.ts';
import { isUnknown } from '../../packages/pci/src/facts/fact.ts';
import { sampleConfigSpaces } from '../../packages/pci/src/testing/sample-config-space.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';

const file = 'config';

export const configSpace: FuzzTarget = {
  name: 'config-space',
  seeds: sampleConfigSpaces,
  // One more than there can be.
  longest: 4097,
  run(bytes) {
    const { facts, diagnostics } = decodeConfigSpace({ bytes, file });
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(facts, bytes.length);

    // A shorter read knows less, and nothing else. (256 bytes of a host bridge are the exception: they tell that Linux
    // found no more.)
    const shorter = bytes.length % 2 === 0 ? 64 : bytes.length >> 1;
    if (shorter !== 256)
      checkKnowsLess(decodeConfigSpace({ bytes: bytes.subarray(0, shorter), file }).facts, facts, '');

    const silent = Object.values(facts).every(isUnknown);
    if ((bytes.length === 256 || bytes.length === 4096) && !silent) checkAgainstLinux(bytes, facts);
  },
};

function checkKnowsLess(less: unknown, more: unknown, path: string): void {
  if (isUnknown(less)) return;
  if (typeof less === 'object' && less !== null) {
    assert(
      typeof more === 'object' && more !== null && !isUnknown(more),
      () => `${path}: known only of a shorter read`,
    );
    for (const key of Object.keys(less)) {
      checkKnowsLess((less as Record<string, unknown>)[key], (more as Record<string, unknown>)[key], `${path}.${key}`);
    }
  } else assert(less === more, () => `${path}: ${String(less)} of a shorter read, ${String(more)} of all`);
}

type Facts = ReturnType<typeof decodeConfigSpace>['facts'];

/** What is found where, and what not. Extended capabilities where there is room for them and a way to know it. */
function checkAgainstLinux(bytes: Uint8Array, facts: Facts): void {
  const u16 = (at: number): number => (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  const u32 = (at: number): number => (u16(at) | (u16(at + 2) << 16)) >>> 0;

  const standard = (id: number): number => {
    const pointerAt = [0x34, 0x34, 0x14][(bytes[0x0e] as number) & 0x7f];
    if ((u16(0x06) & 0x10) === 0 || pointerAt === undefined) return 0;
    let at = bytes[pointerAt] as number;
    for (let left = 48; left > 0 && at >= 0x40; left--) {
      at &= 0xfc;
      if (bytes[at] === 0xff) return 0;
      if (bytes[at] === id) return at;
      at = bytes[at + 1] as number;
    }
    return 0;
  };
  const extended = (id: number): number => {
    let at = 0x100;
    for (let left = 480; left > 0 && at >= 0x100; left--) {
      const header = u32(at);
      // Linux would look at 0xffc next; registers cannot follow there.
      if (header === 0xffff_ffff) return 0;
      if ((header & 0xffff) === id) return at;
      at = (header >>> 20) & 0xffc;
    }
    return 0;
  };
  const agree = (name: keyof Facts, at: number): void => {
    const fact = facts[name] as { offset?: number } | string | null;
    // A capability whose first registers are beyond the end is found, but nothing can be said of it.
    const offset = fact === null ? 0 : isUnknown(fact) || typeof fact === 'string' ? at : fact.offset;
    assert(!isUnknown(fact) || at !== 0, () => `${name} is unknown, Linux sees none`);
    assert(offset === at, () => `${name} at ${offset}, Linux sees it at ${at}`);
  };

  agree('express', standard(0x10));
  agree('msi', standard(0x05));
  agree('msix', standard(0x11));
  agree('advancedFeatures', standard(0x13));
  agree('powerManagement', standard(0x01));
  if (bytes.length !== 4096) return;
  const pciX = standard(0x07);
  const isWide = standard(0x10) !== 0 || u16(0x0a) === 0x0600 || (pciX !== 0 && (u32(pciX + 4) & 0xc000_0000) !== 0);
  if (isWide && u32(0x100) === 0xffff_ffff) return;
  const wide = (id: number): number => (isWide ? extended(id) : 0);
  agree('acs', wide(0x0d));
  agree('ats', wide(0x0f));
  agree('pri', wide(0x13));
  agree('pasid', wide(0x1b));
  agree('sriov', wide(0x10));
  agree('serialNumber', wide(0x03));
}
