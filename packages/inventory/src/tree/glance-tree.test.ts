import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createGlanceTree } from './glance-tree.ts';

const tree = createGlanceTree();

it('reads files, directories and links of the running kernel', () => {
  expect(Buffer.from(tree.readBytes('proc/version') as Uint8Array).toString()).toBe(
    readFileSync('/proc/version', 'utf8'),
  );
  expect(tree.list('sys/kernel')).toContain('uevent_seqnum');
  expect(tree.list('proc')).toContain('self');
  expect(tree.readLink('proc/self/cwd')).toBe(readlinkSync('/proc/self/cwd'));
});

it('remembers nothing', async () => {
  const before = tree.readBytes('proc/uptime');
  await sleep(50);
  expect(tree.readBytes('proc/uptime')).not.toEqual(before);
});

it.each(['etc/passwd', '', 'sys/../etc/passwd', 'proc/..', 'system/x'])(
  'reads nothing but sysfs and procfs: "%s"',
  (path) => {
    expect(tree.readBytes(path)).toMatchObject({ reason: 'outside' });
    expect(tree.list(path)).toMatchObject({ reason: 'outside' });
    expect(tree.readLink(path)).toMatchObject({ reason: 'outside' });
  },
);

it('says why something cannot be read', () => {
  expect(tree.readBytes('proc/there-is-none')).toMatchObject({ reason: 'missing' });
  expect(tree.readBytes('proc/version', 3)).toMatchObject({ reason: 'too-large' });
  expect(tree.readLink('proc/version')).toMatchObject({ kind: 'failure' });
});
