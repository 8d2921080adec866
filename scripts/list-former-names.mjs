// Adds the names of older versions of pci.ids to packages/inventory/data/former-names.ids. Run it when data/pci.ids is
// replaced, with the replaced one. Runs after `tsc -b`. Usage: node scripts/list-former-names.mjs <older pci.ids>...
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const inventory = new URL('../packages/inventory/', import.meta.url);
const { formerNames } = await import(new URL('dist/names/former-names.js', inventory));
const { parsePciIds } = await import(new URL('dist/names/pci-ids.js', inventory));

const target = new URL('data/former-names.ids', inventory);
const vendorsOf = (file) => parsePciIds(readFileSync(file, 'utf8'), String(file)).vendors;
const older = [...(existsSync(target) ? [target] : []), ...process.argv.slice(2)].map(vendorsOf);
const head =
  '# Names that entries of pci.ids had in older versions, in the same form. "=" stands for an unchanged vendor.\n';
writeFileSync(target, head + formerNames(vendorsOf(new URL('data/pci.ids', inventory)), older));
