// Prepares the index of device names from pci.ids and packages/inventory/data/former-names.ids. Runs after `tsc -b`.
// Usage: node scripts/build-name-index.mjs [pci.ids [file to write]...]
// Without arguments: packages/inventory/data/pci.ids -> packages/inventory/dist/data/pci-names.bin.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const inventory = new URL('../packages/inventory/', import.meta.url);
const { encodeNames } = await import(new URL('dist/names/encode-names.js', inventory));
const { parsePciIds } = await import(new URL('dist/names/pci-ids.js', inventory));
const path = (name) => fileURLToPath(new URL(name, inventory));

const [source = path('data/pci.ids'), ...targets] = process.argv.slice(2);
if (targets.length === 0) targets.push(path('dist/data/pci-names.bin'));

const parse = (file) => parsePciIds(readFileSync(file, 'utf8'), file);
const current = parse(source);
const former = parse(path('data/former-names.ids'));
const findings = [...current.diagnostics, ...former.diagnostics];
for (const { file, message } of findings) console.error(`${file}: ${message}`);
if (findings.length > 0 || current.vendors.length === 0) {
  console.error(`${source}: not a sound pci.ids; nothing written`);
  process.exit(1);
}

const index = encodeNames(current, former.vendors);
for (const target of targets) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, index);
}
console.log(`names of ${current.date}: ${index.length} bytes`);
