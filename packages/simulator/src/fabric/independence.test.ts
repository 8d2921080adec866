import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCES = 'packages/simulator/src';
/** Numbers of registers and types, and addresses: nothing that decides. */
const NUMBERS = /^(?:ACS_[A-Z]{2}|PORT|NOT_EXPRESS|UNKNOWN_TYPE|requesterId|formatAddress|PciAddress)$/;
const ROUTER = [
  'address-map.ts',
  'behaviour.ts',
  'fabric.ts',
  'lay-out.ts',
  'outcome.ts',
  'packet.ts',
  'router.ts',
  'translation.ts',
  'wiring.ts',
  ...readdirSync(join(SOURCES, 'fabric/rules')).map((name) => `rules/${name}`),
].map((name) => `fabric/${name}`);

/** What the model of a machine is made from: the same for graph and router, because there is one source of it. */
const DECODED = ['known', 'isUnknown', 'Machine', 'PciFunction'];
/** What else the files around the router take from pci. A defect in one of these is a defect of both sides. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  // Bits that the kernel has certainly switched on where they were not read; the table of devices without ATS.
  'fabric/fabric-of-machine.ts': [...DECODED, 'ACS_REQUIRED', 'AcsContext', 'noAts'],
  // Tables of quirks, as far as they are statements about hardware: second ids, vendors' words on ACS, odd bridges.
  'fabric/device-models.ts': [
    ...DECODED,
    ...['AcsQuirkContext', 'acsQuirkOpinion', 'bridgeQuirks', 'dmaAliasMask', 'KernelRules'],
  ],
  'fabric/interrupt-checks.ts': DECODED,
  // The release of the kernel and the state of the units, for the tables above.
  'fabric/machine-router.ts': ['analyse'],
  // Which unit translates a function and under which stream: what the host has programmed. And the graph, to compare with.
  'proof/subject.ts': ['Analysis'],
  'proof/firmware-memory.ts': DECODED,
};
const AROUND = [
  ...Object.keys(SHARED),
  ...readdirSync(join(SOURCES, 'proof'))
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => `proof/${name}`),
];

function importsOf(file: string): readonly { readonly from: string; readonly names: readonly string[] }[] {
  const text = readFileSync(join(SOURCES, file), 'utf8');
  return [...text.matchAll(/import (?:type )?\{([^}]*)\} from '([^']+)'/g)].map(([, names = '', from = '']) => ({
    from,
    names: names
      .split(',')
      .map((n) => n.trim().replace(/^type /, ''))
      .filter((n) => n !== ''),
  }));
}

describe('the router', () => {
  it.each(ROUTER)('knows nothing of the graph: %s', (file) => {
    for (const { from, names } of importsOf(file)) {
      if (from.startsWith('.')) expect(ROUTER, `${file} imports ${from}`).toContain(join(file, '..', from));
      else {
        expect(from).toBe('@isogroups/pci');
        for (const name of names) expect(name).toMatch(NUMBERS);
      }
    }
  });
});

describe('what is around it', () => {
  it.each([...new Set(AROUND)])('takes from pci what is listed here, and no rule of the graph: %s', (file) => {
    const taken = importsOf(file).flatMap(({ from, names }) => (from === '@isogroups/pci' ? names : []));
    const others = taken.filter((name) => !NUMBERS.test(name));
    expect(SHARED[file] ?? []).toEqual(expect.arrayContaining(others));
  });
});
