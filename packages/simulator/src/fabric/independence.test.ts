import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FABRIC = 'packages/simulator/src/fabric';
/** Numbers of registers and types, and addresses: nothing that decides. */
const ALLOWED = /^(?:ACS_[A-Z]{2}|PORT|NOT_EXPRESS|UNKNOWN_TYPE|requesterId|type PciAddress|PciAddress)$/;
const FILES = [
  'address-map.ts',
  'behaviour.ts',
  'fabric.ts',
  'lay-out.ts',
  'outcome.ts',
  'packet.ts',
  'router.ts',
  'translation.ts',
  'wiring.ts',
  ...readdirSync(join(FABRIC, 'rules')).map((name) => `rules/${name}`),
];

describe('the router', () => {
  it.each(FILES)('knows nothing of the graph: %s', (file) => {
    const text = readFileSync(join(FABRIC, file), 'utf8');
    const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '([^']+)'/g)];
    for (const [, names = '', from = ''] of imports) {
      if (from.startsWith('.')) {
        expect(FILES, `${file} imports ${from}`).toContain(join(file, '..', from));
        continue;
      }
      expect(from).toBe('@isogroups/pci');
      for (const name of names.split(',').map((n) => n.trim())) if (name !== '') expect(name).toMatch(ALLOWED);
    }
  });
});
