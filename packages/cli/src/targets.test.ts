import { POLICIES, partition } from '@isogroups/core';
import { analyse, type Machine } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { endpoint, machineOf, port } from '../../pci/src/testing/build-machine.ts';
import { UsageError } from './command.ts';
import { resolveDevice, resolveTarget, type Target } from './targets.ts';

const MACHINE = machineOf(
  [port('00:1c.0', {}, [endpoint('01:00.0', { multifunction: true }), endpoint('01:00.1')]), endpoint('00:1f.0')],
  {
    kernel: {
      groups: [
        { id: 3, members: ['0000:00:1c.0'], type: null, reservedRegions: [] },
        { id: 14, members: ['0000:01:00.0', '0000:01:00.1'], type: null, reservedRegions: [] },
      ],
    },
  },
);

function resolve(text: string, machine: Machine = MACHINE): Target {
  const analysis = analyse(machine);
  return resolveTarget(analysis, partition(analysis.graph, POLICIES.default), text);
}

const indexOf = (name: string): number => resolveDevice(analyse(MACHINE), name);

describe('resolveTarget', () => {
  it.each(['01:00.1', '0000:01:00.1', '1:0.1', ' 01:00.1 '])('takes %j for a device', (text) => {
    expect(resolve(text)).toEqual({ kind: 'device', party: indexOf('0000:01:00.1') });
  });

  it.each(['14', 'group 14', 'Group 14', 'group:14'])("takes %j for the kernel's group", (text) => {
    expect(resolve(text)).toEqual({
      kind: 'kernel-group',
      id: 14,
      parties: [indexOf('01:00.0'), indexOf('01:00.1')],
    });
  });

  it('takes our name of a group', () => {
    const target = resolve('vtd0/0000:01:00.0');
    expect(target).toMatchObject({ kind: 'group', parties: [indexOf('01:00.0'), indexOf('01:00.1')] });
  });

  it('finds the only one of its address in another segment', () => {
    const two = machineOf([endpoint('0001:03:00.0'), endpoint('0002:04:00.0'), endpoint('0003:04:00.0')]);
    expect(resolve('03:00.0', two)).toEqual({ kind: 'device', party: 0 });
    expect(() => resolve('04:00.0', two)).toThrow('04:00.0 is one of 0002:04:00.0, 0003:04:00.0: say which');
  });
});

describe('what is not there', () => {
  const message = (text: string, machine?: Machine): string => {
    try {
      resolve(text, machine);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
    throw new Error('found');
  };

  it('names what is on the bus', () => {
    expect(message('01:05.0')).toBe('there is no 0000:01:05.0; devices on bus 01: 0000:01:00.0, 0000:01:00.1');
  });

  it('names the busses', () => {
    expect(message('0a:00.0')).toBe('there is no 0000:0a:00.0; nothing is on bus 0a; there are busses 00, 01');
    expect(message('0005:0a:00.0')).toBe('there is no 0005:0a:00.0; there is nothing in segment 0005');
  });

  it("names the kernel's groups", () => {
    expect(message('15')).toBe("there is no group 15; the kernel's groups are 3 to 14");
    expect(message('0', machineOf([endpoint('00:01.0')]))).toContain('the kernel made no groups');
  });

  it('knows which group a device is in', () => {
    expect(message('vtd0/0000:01:00.1')).toContain('0000:01:00.1 is in vtd0/0000:01:00.0');
    expect(message('vtd7/9999:01:00.1')).toContain('there is no group vtd7/9999:01:00.1');
  });

  it('says what a name looks like', () => {
    expect(message('gpu')).toBe(
      '"gpu" names no device; write 01:00.0, 0000:01:00.0, a group number or vtd0/0000:01:00.0',
    );
    expect(message('')).toContain('names no device');
    expect(message('01:20.0')).toContain('names no device');
  });
});
