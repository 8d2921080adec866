/**
 * @module The page on the interface of 2012 names tests: they are there.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/interface-of-2012.md', 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| 2012') && !line.startsWith('| in the'));

it.each(rows)('%s', (row) => {
  const [, file, title] = /`([\w./-]+\.test\.ts)`: \*([^*]+)\*/.exec(row) ?? [];
  expect(title, 'names a test').toBeDefined();
  expect(readFileSync(`packages/core/src/${file}`, 'utf8')).toContain(`'${title}'`);
});

it('has a row for every function that the patch declares', () => {
  const calls = [
    'create_group',
    'free_group',
    'group_add_dev',
    'group_del_dev',
    'register_notifier',
    'unregister_notifier',
  ];
  const ofGroups = [
    'set_iommu_ops',
    'init_iommu_domain',
    'free_iommu_domain',
    'iommu_domain_add_group',
    'managed',
    'init_manager',
  ];
  const ofManagers = ['free_manager', 'manager_add_driver', 'manager_del_driver', 'manager_driver', 'manager_locked'];
  const all = [...calls, ...[...ofGroups, ...ofManagers].map((name) => `group_${name}`)];
  for (const name of all) expect(rows.filter((row) => row.startsWith(`| \`isolation_${name}\` |`))).toHaveLength(1);
});
