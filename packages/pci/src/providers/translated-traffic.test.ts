import type { Span } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { analyse } from '../analysis.ts';
import { endpoint, machineOf, type Node, type NodeOptions, port, switchOf } from '../testing/build-machine.ts';
import { PORT } from '../topology/port-type.ts';

const ALL = 0x5f;
const ON = 0x1d;
const TB = 0x02;
const SV = 0x01;
const DT = 0x40;
const ATS = { facts: { ats: { offset: 0x200, enabled: true } } };

const downstream = (address: string, control: number, below: readonly Node[]): Node =>
  port(address, { type: PORT.downstream, acs: { capability: ALL, control } }, below);

/** A switch below a root port: 03:00.0 and 04:00.0 behind its two ports. */
function edgesOf(first: number, second: number, root = ON, options: NodeOptions = {}) {
  const machine = machineOf([
    port('00:1c.0', { acs: { capability: ALL, control: root } }, [
      switchOf('01:00.0', [
        downstream('02:00.0', first, [endpoint('03:00.0', options)]),
        downstream('02:01.0', second, [endpoint('04:00.0')]),
      ]),
    ]),
  ]);
  const { graph } = analyse(machine);
  const names = (spans: readonly Span[]): readonly string[] =>
    spans.flatMap((s) => Array.from({ length: s.to - s.from }, (_, k) => graph.parties.nameOf(s.from + k).slice(5)));
  return graph.interferences.map((e) => ({
    kind: e.kind,
    where: 'party' in e.where ? graph.parties.nameOf(e.where.party).slice(5) : e.where.kind,
    actors: names(e.actors),
    reach: e.reach === 'host' ? 'host' : names(e.reach),
  }));
}

describe('Direct Translated P2P', () => {
  it('lets what is marked as translated pass between the ports of a switch, unless TB refuses it', () => {
    const edges = (control: number) => edgesOf(control, ON).filter((e) => e.kind === 'peer-to-peer');
    expect(edges(ON)).toEqual([]);
    expect(edges(ON | DT)).toEqual([
      { kind: 'peer-to-peer', where: '02:00.0', actors: ['02:00.0', '03:00.0'], reach: ['02:01.0', '04:00.0'] },
    ]);
    expect(edges(ON | DT | TB)).toEqual([]);
  });
});

describe('a device with ATS on behind a port that blocks what is translated', () => {
  const reachHost = (first: number, second: number, root?: number) =>
    edgesOf(first, second, root, ATS).filter((e) => e.kind === 'translated-requests');

  it('is kept from the host', () => {
    expect(reachHost(ON | TB, ON)).toEqual([]);
    expect(reachHost(ON, ON)).toEqual([
      { kind: 'translated-requests', where: '03:00.0', actors: ['03:00.0'], reach: 'host' },
    ]);
  });

  it('lends its id to those that can forge it and that no port blocks', () => {
    // The switch's ports do not validate, the root port does: 04:00.0 can send as 03:00.0.
    expect(reachHost((ON | TB) & ~SV, ON & ~SV)).toEqual([
      { kind: 'translated-requests', where: '03:00.0', actors: ['04:00.0'], reach: 'host' },
    ]);
    expect(reachHost((ON | TB) & ~SV, (ON | TB) & ~SV)).toEqual([]);
    expect(reachHost(ON | TB, ON & ~SV, ON | TB)).toEqual([]);
  });
});

describe('a device with ATS on behind conventional PCI', () => {
  it('cannot mark anything as translated', () => {
    const kinds = (type: number) => {
      const bridge: Node = { address: '01:00.0', options: { type }, below: [endpoint('02:00.0', ATS)] };
      const { graph } = analyse(machineOf([port('00:1c.0', {}, [bridge])]));
      return graph.interferences.map((e) => e.kind);
    };
    expect(kinds(PORT.upstream)).toContain('translated-requests');
    expect(kinds(PORT.expressToPci)).not.toContain('translated-requests');
  });
});

describe('what passes to peers', () => {
  const below = (control: number, root: number) => {
    const bridge: Node = {
      address: '02:00.0',
      options: { type: PORT.expressToPci },
      below: [endpoint('03:00.0', { type: 'conventional' })],
    };
    const slot = [
      port('00:1c.0', { acs: { capability: ON, control }, multifunction: true }, [bridge]),
      port('00:1c.1', { acs: { capability: ON, control: root }, multifunction: true }, [endpoint('04:00.0')]),
    ];
    const { graph } = analyse(machineOf(slot));
    const edge = graph.interferences.find((e) => e.kind === 'peer-to-peer' && e.where.kind === 'port');
    return edge?.actors.reduce((sum, s) => sum + s.to - s.from, 0);
  };

  it('are completions alone where only CR is off: conventional PCI sends none', () => {
    expect(below(ON & ~0x04, ON)).toBe(3);
    expect(below(ON & ~0x08, ON)).toBe(2);
    expect(below(ON, ON)).toBe(undefined);
  });
});

describe('children of a VMD', () => {
  it('forge nothing: their ids are replaced', () => {
    const vmd = endpoint('00:0e.0', { type: PORT.rcIntegratedEndpoint });
    const child = (address: string, dmaDeviceAddress: string | null) =>
      port(address, { acs: 'none', facts: { dmaDeviceAddress } }, [
        endpoint('10000:01:00.0', { facts: { dmaDeviceAddress } }),
        endpoint('10000:01:01.0', { facts: { dmaDeviceAddress } }),
      ]);
    const kinds = (dma: string | null) =>
      analyse(machineOf([vmd, child('10000:00:00.0', dma)])).graph.interferences.map((e) => e.kind);
    expect(kinds('0000:00:0e.0')).not.toContain('forged-requester');
    expect(kinds(null)).toContain('forged-requester');
  });
});
