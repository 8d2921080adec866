import { analyse, type KernelGroup } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { type FileRecipes, memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import { endpoint, machineOf, type Node, port } from '../../../pci/src/testing/build-machine.ts';
import { handoverNotes, lockedMemoryNotes } from './find-notes.ts';

const GROUP: KernelGroup = { id: 7, members: ['0000:01:00.0'], type: 'identity', reservedRegions: [] };

describe('notes about devices', () => {
  const notes = (card: Node, moving: readonly number[], groups: readonly KernelGroup[] = []) => {
    const analysis = analyse(machineOf([port('00:01.0', {}, [endpoint('01:00.0'), card])]));
    return handoverNotes(analysis, moving, groups, (p) => analysis.graph.parties.nameOf(p));
  };
  const other = endpoint('01:00.1');

  it('a group that is not translated now is not in the way', () => {
    expect(notes(other, [1], [GROUP])).toEqual([expect.stringContaining('kernel group 7 is not translated')]);
    expect(notes(other, [1], [{ ...GROUP, type: 'DMA' }])).toEqual([]);
  });

  it('a physical function that stays can take its virtual functions away', () => {
    const pf = '0000:01:00.0';
    const vf = endpoint('01:10.0', { facts: { physicalFunctionAddress: pf } });
    expect(notes(vf, [2])).toEqual([expect.stringContaining(`the physical function ${pf} stays`)]);
    expect(notes(vf, [1, 2])).toEqual([]);
  });
});

describe('locked memory', () => {
  const notes = (files: FileRecipes, user = 'alice') =>
    lockedMemoryNotes(
      memoryTreeOf({
        'etc/passwd': 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh',
        'etc/group': 'alice:x:1000:\nkvm:x:104:bob,alice',
        'proc/1/limits': 'Max locked memory         8388608              8388608              bytes',
        ...files,
      }),
      user,
    ).map((note) => /may lock (\d+ MiB) of memory \((\S+)\)/.exec(note)?.slice(1));

  it('is what everybody inherits without a line', () => {
    expect(notes({})).toEqual([['8 MiB', 'proc/1/limits']]);
    expect(
      notes({ 'proc/1/limits': 'Max locked memory         unlimited            unlimited            bytes' }),
    ).toEqual([]);
  });

  it('a user’s line counts for more than a group’s, and that for more than one for all', () => {
    const files = (text: string): FileRecipes => ({ 'etc/security/limits.conf': text });
    expect(notes(files('* hard memlock 1024'))).toEqual([['1 MiB', 'etc/security/limits.conf']]);
    expect(notes(files('@kvm - memlock 4096\n* hard memlock 1024'))).toEqual([['4 MiB', 'etc/security/limits.conf']]);
    expect(notes(files('alice hard memlock unlimited\n@kvm - memlock 4096'))).toEqual([]);
    expect(notes(files('# alice - memlock unlimited\nalice soft memlock 64\nbob - memlock 64'))).toEqual([
      ['8 MiB', 'proc/1/limits'],
    ]);
  });

  it('a later file counts for more', () => {
    expect(
      notes({
        'etc/security/limits.conf': 'alice - memlock 1024',
        'etc/security/limits.d/vfio.conf': 'alice - memlock unlimited',
      }),
    ).toEqual([]);
  });

  it('root locks what it likes, and who is no user has no limit', () => {
    expect(notes({}, 'root')).toEqual([]);
    expect(notes({}, 'vm7')).toEqual([]);
  });
});
