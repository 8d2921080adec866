import { type InterferenceKind, membersOf, POLICIES, type Policy, partition } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { analyse } from '../analysis.ts';
import { unknown } from '../facts/fact.ts';
import {
  CATCH_ALL,
  endpoint,
  type MachineOptions,
  machineOf,
  type Node,
  port,
  switchOf,
} from '../testing/build-machine.ts';
import { PORT } from '../topology/port-type.ts';

const graphOf = (roots: readonly Node[], options?: MachineOptions) => analyse(machineOf(roots, options)).graph;

function groups(roots: readonly Node[], policy: Policy = POLICIES.default, options?: MachineOptions): string[] {
  const graph = graphOf(roots, options);
  const p = partition(graph, policy);
  return Array.from({ length: p.groupCount }, (_, g) =>
    Array.from(membersOf(p, g), (i) => graph.parties.nameOf(i).slice(5)).join(' '),
  );
}

const kinds = (roots: readonly Node[], options?: MachineOptions): InterferenceKind[] => [
  ...new Set(graphOf(roots, options).interferences.map((e) => e.kind)),
];

const downstream = (address: string, acs: 'on' | 'off' | 'none', below: readonly Node[]): Node =>
  port(address, { type: PORT.downstream, acs }, below);

describe('peer-to-peer', () => {
  it('joins what is below two ports of a switch as soon as one of them does not redirect', () => {
    const tree = (a: 'on' | 'off', b: 'on' | 'off') => [
      port('00:1c.0', {}, [
        switchOf('01:00.0', [
          downstream('02:00.0', a, [endpoint('03:00.0')]),
          downstream('02:01.0', b, [endpoint('04:00.0')]),
        ]),
      ]),
    ];
    expect(groups(tree('on', 'on'))).toEqual(['00:1c.0', '01:00.0', '02:00.0', '02:01.0', '03:00.0', '04:00.0']);
    expect(groups(tree('off', 'on'))).toEqual(['00:1c.0', '01:00.0', '02:00.0 02:01.0 03:00.0 04:00.0']);
    expect(groups(tree('off', 'off'))).toEqual(['00:1c.0', '01:00.0', '02:00.0 02:01.0 03:00.0 04:00.0']);
  });

  it('turns back at a port without Upstream Forwarding, although the ports below redirect', () => {
    const tree = [
      port('00:1c.0', { acs: { capability: 0x1d, control: 0x0d } }, [
        switchOf('01:00.0', [
          downstream('02:00.0', 'on', [endpoint('03:00.0')]),
          downstream('02:01.0', 'on', [endpoint('04:00.0')]),
        ]),
      ]),
    ];
    expect(groups(tree)).toEqual(['00:1c.0 01:00.0 02:00.0 02:01.0 03:00.0 04:00.0']);
  });

  it('crosses between root ports where one could redirect and does not, not where it has no ACS at all', () => {
    const tree = (acs: 'none' | { capability: number; control: number }) => [
      port('00:01.0', { acs }, [endpoint('01:00.0')]),
      port('00:02.0', {}, [endpoint('02:00.0')]),
    ];
    const redirectOff = { capability: 0x1d, control: 0x11 };
    expect(groups(tree(redirectOff))).toEqual(['00:01.0 00:02.0 01:00.0 02:00.0']);
    expect(groups(tree('none'))).toEqual(['00:01.0 01:00.0', '00:02.0', '02:00.0']);
  });

  it('passes through a switch port whose ACS capability lacks the bits, or lets egress control decide', () => {
    const tree = (acs: { capability: number; control: number }) => [
      port('00:1c.0', {}, [
        switchOf('01:00.0', [
          port('02:00.0', { type: PORT.downstream, acs }, [endpoint('03:00.0')]),
          downstream('02:01.0', 'on', [endpoint('04:00.0')]),
        ]),
      ]),
    ];
    const joined = '02:00.0 02:01.0 03:00.0 04:00.0';
    expect(groups(tree({ capability: 0, control: 0 }))).toContain(joined);
    expect(groups(tree({ capability: 0x3d, control: 0x3d }))).toContain(joined);
    expect(groups(tree({ capability: 0x3d, control: 0x1d }))).not.toContain(joined);
  });

  it('crosses between virtual functions only where redirection is implemented and off', () => {
    const pf = endpoint('01:00.0');
    const vf = (address: string, acs: 'none' | { capability: number; control: number }) =>
      endpoint(address, { acs, facts: { physicalFunctionAddress: '0000:01:00.0' } });
    const tree = (acs: 'none' | { capability: number; control: number }) => [
      port('00:01.0', {}, [pf, vf('01:00.1', acs), vf('01:00.2', acs)]),
    ];
    expect(groups(tree('none'))).toEqual(['00:01.0', '01:00.0', '01:00.1', '01:00.2']);
    expect(groups(tree({ capability: 0x0c, control: 0 }))).toContain('01:00.0 01:00.1 01:00.2');
    const unread = { acs: unknown('not read', 'run as root'), physicalFunctionAddress: '0000:01:00.0' };
    const [edge] = graphOf([port('00:01.0', {}, [pf, endpoint('01:00.1', { facts: unread })])]).interferences;
    expect(edge).toMatchObject({ kind: 'peer-to-peer', undecided: { decidedBy: 'run as root' } });
  });

  it('is not argued away by pcie_acs_override=', () => {
    const tree = [port('00:01.0', { acs: 'none' }, [endpoint('01:00.0')])];
    const override = { kernel: { commandLine: 'intel_iommu=on pcie_acs_override=downstream,multifunction' } };
    expect(groups(tree, POLICIES.default, override)).toEqual(['00:01.0 01:00.0']);
  });

  it('turns back to what is below a port, or to its registers, not to a device that is alone there', () => {
    const portWith = (registers: number, below: readonly Node[]) => {
      const bytes = new Uint8Array(64);
      bytes[0x13] = registers;
      return port('00:01.0', { acs: 'none', facts: { config: { bytes, file: 'config' } } }, below);
    };
    const slot = [endpoint('01:00.0', { multifunction: true }), endpoint('01:00.1')];
    expect(groups([portWith(0, [endpoint('01:00.0')])])).toEqual(['00:01.0', '01:00.0']);
    expect(groups([portWith(0xfe, [endpoint('01:00.0')])])).toEqual(['00:01.0 01:00.0']);
    expect(groups([portWith(0, slot)])).toEqual(['00:01.0 01:00.0 01:00.1']);
    // A bridge between makes no company.
    const bridge = switchOf('01:00.0', [downstream('02:00.0', 'on', [endpoint('03:00.0')])]);
    expect(groups([portWith(0, [bridge])])).toEqual(['00:01.0', '01:00.0', '02:00.0', '03:00.0']);
  });

  it('counts as possible where the type of a bridge could not be read', () => {
    const express = unknown('configuration space ends at byte 64', 'run as root');
    const unread = (address: string, below: readonly Node[]) =>
      port(address, { acs: 'none', facts: { express } }, below);
    const tree = [
      unread('00:1c.0', [
        unread('01:00.0', [unread('02:00.0', [endpoint('03:00.0')]), unread('02:01.0', [endpoint('04:00.0')])]),
      ]),
    ];
    expect(groups(tree)).toEqual(['00:1c.0 01:00.0 02:00.0 02:01.0 03:00.0 04:00.0']);
    for (const edge of graphOf(tree).interferences) expect(edge.undecided, edge.kind).toBeDefined();
  });

  it('reaches functions of the slot that redirect their own requests', () => {
    const slot = [
      endpoint('01:00.0', { multifunction: true }),
      endpoint('01:00.1', { acs: { capability: 0x0c, control: 0x0c } }),
    ];
    expect(groups([port('00:01.0', {}, slot)])).toEqual(['00:01.0', '01:00.0 01:00.1']);
  });

  it('names the missing bits and the register', () => {
    const edge = graphOf([
      port('00:1c.0', {}, [
        switchOf('01:00.0', [downstream('02:00.0', 'off', [endpoint('03:00.0')]), downstream('02:01.0', 'on', [])]),
      ]),
    ]).interferences.find((e) => e.kind === 'peer-to-peer' && e.where.kind === 'port' && e.reach.length === 1);
    expect(edge?.evidence).toEqual([
      { kind: 'register', party: 2, register: 'ACS control', offset: 0x106, value: 0, missing: ['RR', 'CR'] },
    ]);
  });
});

describe('same-requester', () => {
  it('joins all that is behind a bridge to conventional PCI, under every policy', () => {
    const behind = [endpoint('02:00.0', { type: 'conventional' }), endpoint('02:04.0', { type: 'conventional' })];
    const tree = [port('00:1c.0', {}, [port('01:00.0', { type: PORT.expressToPci, acs: 'none' }, behind)])];
    expect(groups(tree, POLICIES.lab)).toEqual(['00:1c.0', '01:00.0 02:00.0 02:04.0']);
  });
});

describe('edges to the host', () => {
  const simple = [port('00:1c.0', {}, [endpoint('01:00.0')])];

  it('has none where everything is translated and remapped', () => {
    expect(kinds(simple)).toEqual([]);
  });

  it('is untranslated without an IOMMU, and says what is missing', () => {
    const graph = graphOf(simple, { firmware: { dmar: null }, kernel: { log: ['Linux version 6.12.0'] } });
    expect(graph.interferences).toMatchObject([
      {
        kind: 'untranslated',
        reach: 'host',
        evidence: [{ says: expect.stringContaining('no DMAR, IVRS, IORT or VIOT') }],
      },
      { kind: 'interrupts' },
    ]);
  });

  it('has open interrupts where the log does not say that remapping is on', () => {
    expect(kinds(simple, { kernel: { log: ['Linux version 6.12.0'] } })).toEqual(['interrupts']);
    const undecided = graphOf(simple, { kernel: { log: unknown('not read', 'run as root') } }).interferences;
    expect(undecided).toMatchObject([{ kind: 'interrupts', undecided: { decidedBy: expect.stringContaining('log') } }]);
  });

  it('sees an RMRR at the device that its scope names, and below a bridge', () => {
    const rmrr = {
      kind: 'rmrr' as const,
      offset: 0x60,
      segment: 0,
      base: 0x1000n,
      limit: 0x1fffn,
      scopes: [
        {
          type: 1,
          enumerationId: 0,
          startBus: 0,
          path: [
            { device: 0x1c, function: 0 },
            { device: 0, function: 0 },
          ],
          offset: 0x78,
        },
      ],
    };
    const graph = graphOf(simple, { firmware: { dmar: { ...CATCH_ALL, rmrrs: [rmrr] } } });
    expect(graph.interferences).toMatchObject([{ kind: 'firmware-memory', actors: [{ from: 1, to: 2 }] }]);
  });

  it('sees ATS that is on, unless a port above blocks translated requests', () => {
    const ats = { ats: { offset: 0x200, enabled: true } };
    const tree = (control: number) => [
      port('00:1c.0', { acs: { capability: 0x1f, control } }, [endpoint('01:00.0', { facts: ats })]),
    ];
    expect(kinds(tree(0x1d))).toEqual(['translated-requests']);
    expect(kinds(tree(0x1f))).toEqual([]);
  });
});

describe('forged-requester', () => {
  it('ends at the nearest port that validates, and covers the whole segment where none does', () => {
    const tree = (top: number) => [
      port('00:1c.0', { acs: { capability: 0x1d, control: top } }, [
        switchOf('01:00.0', [
          port('02:00.0', { type: PORT.downstream, acs: { capability: 0x1d, control: 0x1c } }, [endpoint('03:00.0')]),
          downstream('02:01.0', 'on', [endpoint('04:00.0')]),
        ]),
      ]),
      endpoint('00:1f.0'),
    ];
    const reached = (top: number): string[] => {
      const graph = graphOf(tree(top));
      const p = partition(graph, POLICIES.strict);
      const device = graph.parties.count - 2;
      expect(graph.parties.nameOf(device)).toBe('0000:03:00.0');
      return Array.from(membersOf(p, p.groupOf[device] as number), (i) => graph.parties.nameOf(i).slice(5));
    };
    expect(reached(0x1d)).toEqual(['01:00.0', '02:00.0', '02:01.0', '03:00.0', '04:00.0']);
    expect(reached(0x1c)).toContain('00:1f.0');
  });

  it('is possible past a port whose ACS capability lacks source validation', () => {
    const tree = (capability: number) => [
      port('00:1c.0', { acs: { capability, control: capability } }, [endpoint('01:00.0')]),
      endpoint('00:1f.0'),
    ];
    expect(kinds(tree(0x1d))).not.toContain('forged-requester');
    expect(kinds(tree(0x1c))).toContain('forged-requester');
  });
});

describe('egress control', () => {
  it('opens the way between peers, and no way back down', () => {
    const tree = (control: number) => [
      switchOf('01:00.0', [
        port('02:00.0', { type: PORT.downstream, acs: { capability: 0x3d, control } }, [endpoint('03:00.0')]),
        downstream('02:01.0', 'on', [endpoint('04:00.0')]),
      ]),
    ];
    const places = (control: number) =>
      graphOf(tree(control)).interferences.flatMap(({ kind, reach }) =>
        kind === 'peer-to-peer' ? [(reach as readonly unknown[]).length] : [],
      );
    expect(places(0x1d)).toEqual([]);
    expect(places(0x3d)).toHaveLength(1);
  });
});

describe('shared-reset', () => {
  it('joins functions without a reset of their own to all that a bus reset hits', () => {
    const slot = [endpoint('01:00.0', { multifunction: true, flr: false }), endpoint('01:00.1', { flr: true })];
    expect(kinds([port('00:01.0', {}, slot)])).toContain('shared-reset');
    const all = [endpoint('01:00.0', { multifunction: true }), endpoint('01:00.1')];
    expect(kinds([port('00:01.0', {}, all)])).not.toContain('shared-reset');
  });
});
