import { PORT } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import type { FabricFunction } from './fabric.ts';
import {
  CLOSED,
  conventional,
  conventionalBridge,
  downstream,
  endpoint,
  expressToPci,
  fabricOf,
  OPEN,
  PLAIN,
  rootPort,
  shoot,
  upstream,
} from './testing/small-fabric.ts';

const ON = 'SV RR CR UF';
/** A switch with two ports, a device below each. */
const aSwitch = (ports: string | undefined, root: string | undefined = ON) =>
  fabricOf([
    rootPort('00:01.0', root, [
      upstream('01:00.0', [
        downstream('02:00.0', ports, [endpoint('03:00.0')]),
        downstream('02:01.0', ports, [endpoint('04:00.0')]),
      ]),
    ]),
  ]);

describe('ports of a switch', () => {
  it.each([
    ['without ACS', undefined, '0000:04:00.0'],
    ['with RR off', 'SV CR UF', '0000:04:00.0'],
    ['with RR on', ON, 'no-mapping'],
    ['with RR on and EC on', `${ON} EC`, '0000:04:00.0'],
  ])('%s', (_, ports, end) => {
    expect(shoot(aSwitch(ports), { from: '03:00.0', to: '04:00.0' }).ends).toBe(end);
  });

  it('send a redirected request back down where the port above does not forward upstream', () => {
    expect(shoot(aSwitch(ON, 'SV RR CR'), { from: '03:00.0', to: '04:00.0' }).ends).toBe('0000:04:00.0');
  });

  it('redirect requests by RR and completions by CR', () => {
    const fabric = aSwitch('SV RR UF');
    expect(shoot(fabric, { from: '03:00.0', to: '04:00.0' }).ends).toBe('no-mapping');
    expect(shoot(fabric, { from: '03:00.0', to: '04:00.0', kind: 'completion' }).ends).toBe('0000:04:00.0');
    expect(shoot(aSwitch(ON), { from: '03:00.0', to: '04:00.0', kind: 'completion' }).ends).toBe(
      'unexpected-completion',
    );
  });

  it('can be asked for one place alone', () => {
    const fabric = aSwitch(undefined, 'SV RR CR');
    const [root, , first, second] = fabric.functions.map((_, i) => i);
    const places = [undefined, root, first, second].map((only) => {
      const { outcome } = shoot(fabric, { from: '03:00.0', to: '04:00.0' }, CLOSED, only);
      return outcome.kind === 'function' ? outcome.place : undefined;
    });
    expect(places).toEqual([first, root, first, undefined]);
  });

  it('let a translated request pass with DT on, and only that', () => {
    const fabric = aSwitch(`${ON} DT`);
    expect(shoot(fabric, { from: '03:00.0', to: '04:00.0' }).ends).toBe('no-mapping');
    expect(shoot(fabric, { from: '03:00.0', to: '04:00.0', translated: true }).ends).toBe('0000:04:00.0');
  });

  it('tell the way hop by hop', () => {
    const { path } = shoot(aSwitch(undefined), { from: '03:00.0', to: '04:00.0' });
    expect(path.map((h) => `${h.kind} ${'at' in h ? h.at : ''}`)).toEqual([
      'sent 4',
      'checked 2',
      'to-peer 2',
      'down 3',
    ]);
  });
});

describe('requester ids', () => {
  it.each([
    ['validated by the port', ON, undefined, '05:00.0', 'source-validation at 0000:02:00.0'],
    ['validated by the root port', undefined, ON, '05:00.0', 'source-validation at 0000:00:01.0'],
    ['of a neighbour below the port that validates', undefined, ON, '04:00.0', 'memory 0x1000'],
    ['validated by nobody', 'RR CR UF', 'RR CR UF', '05:00.0', 'memory 0x1000'],
  ])('%s', (_, ports, root, as, end) => {
    const { ends: where } = shoot(aSwitch(ports, root), { from: '03:00.0', as, address: 0x1000 }, OPEN);
    expect(where).toBe(end);
  });

  it('of completions nobody validates', () => {
    const aim = { from: '03:00.0', to: '04:00.0', as: '05:00.0' };
    expect(shoot(aSwitch('SV'), aim).ends).toBe('source-validation at 0000:02:00.0');
    expect(shoot(aSwitch('SV'), { ...aim, kind: 'completion' }).ends).toBe('0000:04:00.0');
  });

  it('are checked against the range of busses, both ends of it included', () => {
    const port = { secondary: 3, subordinate: 5 };
    const fabric = fabricOf([rootPort('00:01.0', 'SV', [endpoint('03:00.0')], port)]);
    const by = (as: string) => shoot(fabric, { from: '03:00.0', as, address: 0x1000 }, OPEN).ends;
    expect([by('02:1f.7'), by('03:00.0'), by('05:1f.7'), by('06:00.0')]).toEqual([
      'source-validation at 0000:00:01.0',
      'memory 0x1000',
      'memory 0x1000',
      'source-validation at 0000:00:01.0',
    ]);
  });

  it('are replaced behind a PCIe-to-PCI bridge by 00.0 of its secondary bus', () => {
    const fabric = fabricOf([rootPort('00:01.0', ON, [expressToPci('01:00.0', [conventional('02:03.0')])])]);
    const shot = shoot(fabric, { from: '02:03.0', address: 0x1000 }, OPEN);
    expect(shot.outcome).toEqual({ kind: 'memory', address: 0x1000, requester: 0x0200 });
  });

  it('are replaced by each bridge on the way: the top-most one is what the IOMMU sees', () => {
    const fabric = fabricOf([
      rootPort('00:01.0', ON, [expressToPci('01:00.0', [conventionalBridge('02:01.0', [conventional('03:03.0')])])]),
    ]);
    expect(shoot(fabric, { from: '03:03.0', address: 0x1000 }, OPEN).outcome.requester).toBe(0x0200);
    const plain = fabricOf([conventionalBridge('00:1e.0', [conventional('01:03.0')])]);
    expect(shoot(plain, { from: '01:03.0', address: 0x1000 }, OPEN).outcome.requester).toBe(0x00f0);
  });

  it('of children of a VMD are that of its endpoint', () => {
    const fabric = fabricOf([
      endpoint('00:0e.0', undefined, { type: PORT.rcIntegratedEndpoint }),
      endpoint('05:00.0', undefined, { model: { ...PLAIN, sendsThrough: 0 } }),
    ]);
    expect(shoot(fabric, { from: '05:00.0', address: 0x1000 }, OPEN).outcome.requester).toBe(0x0070);
  });
});

describe('one device with several functions', () => {
  const twoFunctions = (acs: string | undefined, facts: Partial<FabricFunction> = {}, root: string | undefined = ON) =>
    fabricOf([
      rootPort('00:01.0', root, [
        endpoint('01:00.0', acs, { multifunction: true, ...facts }),
        endpoint('01:00.1', acs, { multifunction: true, ...facts }),
      ]),
    ]);
  const vendor = { validates: undefined, redirects: true, forwardsUp: undefined, says: 'no peer-to-peer' };

  it.each([
    ['without ACS', twoFunctions(undefined), '0000:01:00.1'],
    ['with RR off', twoFunctions('CR'), '0000:01:00.1'],
    ['with RR on', twoFunctions('RR CR'), 'no-mapping'],
    ['with ACS, but without RR', twoFunctions('', { acs: { capability: 0, control: 0 } }), 'no-mapping'],
    ['whose vendor denies it', twoFunctions(undefined, { model: { ...PLAIN, vendor } }), 'no-mapping'],
    ['turned back above', twoFunctions('RR CR', {}, 'SV RR CR'), '0000:01:00.1'],
  ])('%s', (_, fabric, end) => {
    expect(shoot(fabric, { from: '01:00.0', to: '01:00.1' }).ends).toBe(end);
  });
});

describe('a physical function', () => {
  const withVirtual = (acs: string | undefined, facts: Partial<FabricFunction> = {}) =>
    fabricOf([
      rootPort('00:01.0', ON, [
        endpoint('01:00.0', acs, facts),
        endpoint('02:10.0', undefined, { physicalFunction: 1 }),
      ]),
    ]);

  it.each([
    ['reaches its virtual functions with RR off', withVirtual('CR'), '0000:02:10.0'],
    ['does not with RR on', withVirtual('RR CR'), 'no-mapping'],
    ['does not without ACS', withVirtual(undefined), 'no-mapping'],
    ['does not where ACS lacks the bit', withVirtual('', { acs: { capability: 0, control: 0 } }), 'no-mapping'],
  ])('%s', (_, fabric, end) => {
    expect(shoot(fabric, { from: '01:00.0', to: '02:10.0' }).ends).toBe(end);
  });
});

describe('conventional busses', () => {
  it('are shared: a neighbour answers before any bridge', () => {
    const fabric = fabricOf([
      rootPort('00:01.0', ON, [expressToPci('01:00.0', [conventional('02:03.0'), conventional('02:04.0')])]),
    ]);
    const shot = shoot(fabric, { from: '02:03.0', to: '02:04.0' });
    expect(shot.ends).toBe('0000:02:04.0');
    expect(shot.path.map((h) => h.kind)).toEqual(['sent', 'shared-bus']);
  });

  it('send no completions of their own making, and get those that are for them', () => {
    const fabric = fabricOf([
      rootPort('00:01.0', ON, [expressToPci('01:00.0', [conventional('02:03.0'), conventional('02:04.0')])]),
    ]);
    expect(shoot(fabric, { from: '02:03.0', to: '02:04.0', kind: 'completion' }).ends).toMatch(/^no-completions/);
    const beside = fabricOf([
      rootPort('00:01.0', ON, [
        upstream('01:00.0', [
          downstream('02:00.0', 'SV RR UF', [endpoint('03:00.0')]),
          downstream('02:01.0', ON, [expressToPci('04:00.0', [conventional('05:03.0')])]),
        ]),
      ]),
    ]);
    expect(shoot(beside, { from: '03:00.0', to: '05:03.0', kind: 'completion' }).ends).toBe('0000:05:03.0');
  });

  it('carry no mark of translated requests', () => {
    const seen: boolean[] = [];
    const spy = {
      translate: (_: number, address: number, __: boolean, translated: boolean) => {
        seen.push(translated);
        return address;
      },
    };
    const behind = (bridge: typeof expressToPci) =>
      fabricOf([rootPort('00:01.0', ON, [bridge('01:00.0', [endpoint('02:00.0')])])]);
    const aim = { from: '02:00.0', address: 0x1000, translated: true };
    shoot(behind(expressToPci), aim, spy);
    shoot(behind(upstream), aim, spy);
    expect(seen).toEqual([false, true]);
  });

  it('can be root busses', () => {
    const fabric = fabricOf([conventional('00:03.0'), conventional('00:04.0')], { conventionalRoots: true });
    expect(shoot(fabric, { from: '00:03.0', to: '00:04.0' }).ends).toBe('0000:00:04.0');
  });
});

describe('root complex', () => {
  const twoPorts = (acs: string | undefined, facts: Partial<FabricFunction> = {}) =>
    fabricOf([rootPort('00:01.0', acs, [endpoint('01:00.0')], facts), rootPort('00:02.0', ON, [endpoint('02:00.0')])]);

  it.each([
    ['routes between ports that implement redirection and have it off', twoPorts('SV UF'), '0000:02:00.0'],
    ['does not with redirection on', twoPorts(ON), 'no-mapping'],
    ['gives no evidence of it without ACS', twoPorts(undefined), 'no-mapping'],
    ['gives none where ACS lacks the bit', twoPorts('', { acs: { capability: 1, control: 1 } }), 'no-mapping'],
  ])('%s', (_, fabric, end) => {
    expect(shoot(fabric, { from: '01:00.0', to: '02:00.0' }).ends).toBe(end);
  });

  it('routes down what the IOMMU let through, where its ports show that it can', () => {
    expect(shoot(twoPorts(ON), { from: '01:00.0', to: '02:00.0' }, OPEN).ends).toBe('0000:02:00.0');
    const silent = fabricOf([rootPort('00:01.0', undefined, [endpoint('01:00.0')]), endpoint('00:02.0')]);
    expect(shoot(silent, { from: '00:02.0', to: '01:00.0' }, OPEN).ends).toBe('root-complex-does-not-route');
  });

  it('takes writes to the doorbell for interrupts', () => {
    const bell = { from: '01:00.0', address: 0xfee0_1000 };
    expect(shoot(twoPorts(ON), bell).ends).toBe('interrupt-remapping');
    expect(shoot({ ...twoPorts(ON), interruptsChecked: false }, bell).ends).toBe('interrupt');
    expect(shoot({ ...twoPorts(ON), interruptsChecked: false }, { ...bell, kind: 'read' }).ends).toBe('no-mapping');
  });
});

describe('what stops a packet on the way', () => {
  it('bus mastering that is off, in the device or in a bridge above', () => {
    const off = { busMaster: false };
    const device = fabricOf([rootPort('00:01.0', ON, [endpoint('01:00.0', undefined, off)])]);
    const bridge = fabricOf([rootPort('00:01.0', ON, [endpoint('01:00.0')], off)]);
    expect(shoot(device, { from: '01:00.0', address: 0x1000 }, OPEN).ends).toBe('bus-master-off at 0000:01:00.0');
    expect(shoot(bridge, { from: '01:00.0', address: 0x1000 }, OPEN).ends).toBe('bus-master-off at 0000:00:01.0');
  });

  it('bus mastering that is off, of requests only', () => {
    const off = { busMaster: false };
    const fabric = fabricOf([
      rootPort('00:01.0', 'SV', [endpoint('01:00.0', undefined, off)], off),
      rootPort('00:02.0', ON, [endpoint('02:00.0')]),
    ]);
    const aim = { from: '01:00.0', to: '02:00.0' };
    expect(shoot(fabric, aim).ends).toBe('bus-master-off at 0000:01:00.0');
    expect(shoot(fabric, { ...aim, kind: 'completion' }).ends).toBe('0000:02:00.0');
  });

  it('translation blocking, of translated requests only', () => {
    const fabric = fabricOf([rootPort('00:01.0', `${ON} TB`, [endpoint('01:00.0')])]);
    const by = (translated: boolean) => shoot(fabric, { from: '01:00.0', address: 0x1000, translated }, OPEN).ends;
    expect([by(false), by(true)]).toEqual(['memory 0x1000', 'translation-blocking at 0000:00:01.0']);
  });

  it('an address in a window that nobody answers', () => {
    const fabric = aSwitch(undefined);
    const port = fabric.functions.find((f) => f.name === '0000:02:01.0') as FabricFunction;
    const wide = fabric.functions.map((f) => (f.name === '0000:04:00.0' ? { ...f, memory: [] } : f));
    const address = port.windows[0]?.first as number;
    const shot = shoot({ ...fabric, functions: wide }, { from: '03:00.0', address }, CLOSED);
    expect(shot.ends).toBe('nobody-claims at 0000:02:01.0');
  });
});
