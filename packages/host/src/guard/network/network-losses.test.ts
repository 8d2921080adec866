import { describe, expect, it } from 'vitest';
import { findLosses } from '../find-losses.ts';
import {
  addresses,
  type FileRecipes,
  hostOf,
  memoryTreeOf,
  mountTable,
  NIC,
  NVME,
  nic,
  OTHER_NIC,
  pciFunction,
  routes,
  virtualInterface,
} from '../testing/host-files.ts';

const lossesWith = (...parts: FileRecipes[]) => findLosses(hostOf(...parts), [NIC]);
const shown = (...parts: FileRecipes[]) => lossesWith(...parts).map(({ item, effect }) => `${item} ${effect}`);

const ETH0 = { ...pciFunction(NIC), ...nic(NIC, 'eth0') };
const ETH1 = { ...pciFunction(OTHER_NIC), ...nic(OTHER_NIC, 'eth1') };
const LAN = '192.168.1.0';

describe('the way out', () => {
  it('default-route-on-a-nic', () => {
    const [route] = lossesWith(ETH0, routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100]));
    expect(route).toMatchObject({ kind: 'default-route', item: 'default-route', device: NIC, effect: 'lost' });
    expect(route?.says).toBe('the default route is on eth0 of 0000:03:00.0');
    expect(route?.evidence.map(({ file }) => file)).toEqual(['proc/net/route', 'sys/class/net/eth0']);
  });

  it('default-route-of-another-nic', () => {
    expect(shown(ETH0, ETH1, routes(['eth1', '0.0.0.0', '192.168.1.1', 0, 100]))).toEqual([]);
  });

  it('a-second-default-route-takes-over, if its interface has a link', () => {
    const two = routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100], ['eth1', '0.0.0.0', '10.0.0.1', 0, 200]);
    expect(shown(ETH0, ETH1, two)).toEqual(['default-route degraded']);
    const unplugged = { ...pciFunction(OTHER_NIC), ...nic(OTHER_NIC, 'eth1', { operstate: 'down' }) };
    expect(shown(ETH0, unplugged, two)).toEqual(['default-route lost']);
    for (const operstate of ['unknown', 'dormant']) {
      const eth1 = { ...pciFunction(OTHER_NIC), ...nic(OTHER_NIC, 'eth1', { operstate }) };
      expect(shown(ETH0, eth1, two)).toEqual(['default-route degraded']);
    }
  });

  it('default-route-on-bond-of-vlan', () => {
    const [route] = lossesWith(
      ETH0,
      virtualInterface('eth0.5', ['eth0']),
      virtualInterface('bond0', ['eth0.5'], { 'bonding/mode': '802.3ad 4' }),
      routes(['bond0', '0.0.0.0', '10.5.0.1', 0, 0]),
    );
    expect(route?.says).toBe('the default route is on bond bond0 on eth0.5 on eth0 of 0000:03:00.0');
  });

  it('routes to single networks', () => {
    const [route, ...more] = lossesWith(ETH0, ETH1, routes(['eth0', '10.0.0.0', '172.16.0.1', 8, 0]));
    expect(more).toEqual([]);
    expect(route).toMatchObject({ kind: 'route', item: 'route:10.0.0.0/8', effect: 'lost' });
    expect(shown(ETH0, ETH1, routes(['eth1', '10.0.0.0', '172.16.0.1', 8, 0]))).toEqual([]);
  });

  it('IPv6 networks, but not what every interface has', () => {
    const line = (to: string, length: string, flags: string) =>
      `${to.padEnd(32, '0')} ${length} ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000100 00000001 00000000 ${flags} eth0`;
    const table = [
      line('20010db8', '20', '00000001'),
      line('20010db80001', '80', '80200001'),
      line('20010db80002', '80', '00100001'),
      line('fe80', '40', '00000001'),
      line('ff', '08', '00000001'),
    ].join('\n');
    expect(shown(ETH0, { 'proc/net/ipv6_route': table })).toEqual(['route:2001:db8::/32 lost']);
  });

  it('IPv6, and not the entries of the loopback that reject', () => {
    const zero = '0'.repeat(32);
    const line = (gateway: string, flags: string, name: string) =>
      `${zero} 00 ${zero} 00 ${gateway} 00000400 00000001 00000000 ${flags}     ${name}`;
    const table = [line(`fe80${'0'.repeat(27)}1`, '00000003', 'eth0'), line(zero, '00200200', 'lo')].join('\n');
    const lo = virtualInterface('lo', []);
    expect(shown(ETH0, lo, { 'proc/net/ipv6_route': table })).toEqual(['default-route-ipv6 lost']);
    expect(shown(ETH0, ETH1, { 'proc/net/ipv6_route': table.replace('eth0', 'eth1') })).toEqual([]);
  });
});

describe('interfaces made of others', () => {
  const BOND = virtualInterface('bond0', ['eth0', 'eth1'], { 'bonding/mode': 'active-backup 1' });

  it('bond-with-one-of-two-leaving is degraded', () => {
    const [bond, ...more] = lossesWith(ETH0, ETH1, BOND);
    expect(more).toEqual([]);
    expect(bond).toMatchObject({ kind: 'interface', item: 'interface:bond0', effect: 'degraded' });
    expect(bond?.says).toMatch(/goes on without it: eth1 stays, and has a link$/);
  });

  it('bond-whose-other-part-has-no-link is lost', () => {
    const unplugged = { ...pciFunction(OTHER_NIC), ...nic(OTHER_NIC, 'eth1', { operstate: 'down' }) };
    expect(shown(ETH0, unplugged, BOND)).toEqual(['interface:bond0 lost']);
  });

  it('bond-with-both-leaving is lost', () => {
    expect(findLosses(hostOf(ETH0, ETH1, BOND), [NIC, OTHER_NIC]).map(({ effect }) => effect)).toEqual(['lost']);
  });

  it('bridge-with-the-nic-as-its-only-way-out is lost, whatever taps of guests are on it', () => {
    const bridge = virtualInterface('br0', ['eth0', 'tap3'], { 'bridge/stp_state': '0' });
    const tap = virtualInterface('tap3', [], { tun_flags: '0x1002' });
    expect(shown(ETH0, bridge, tap, routes(['br0', LAN, '', 24, 0]), addresses('192.168.1.5'))).toEqual([
      'interface:br0 lost',
    ]);
  });

  it('a VLAN, a macvlan and whatever else lies on the interface', () => {
    expect(shown(ETH0, virtualInterface('eth0.7', ['eth0']), virtualInterface('guest@eth0', ['eth0']))).toEqual([
      'interface:eth0.7 lost',
      'interface:guest@eth0 lost',
    ]);
  });

  it('of what lies on several and is no bond or bridge all are needed', () => {
    expect(shown(ETH0, ETH1, virtualInterface('vrf0', ['eth0', 'eth1']))).toEqual(['interface:vrf0 lost']);
  });

  it('a tunnel tied to the interface by its index', () => {
    const tied = virtualInterface('gre1', [], { type: '778', iflink: '77' });
    expect(shown({ ...pciFunction(NIC), ...nic(NIC, 'eth0', { ifindex: '77' }) }, tied)).toEqual([
      'interface:gre1 lost',
    ]);
  });

  it('a veth, whose index is that of another namespace, is not taken for one', () => {
    const veth = virtualInterface('veth0', [], { iflink: '77' });
    expect(shown({ ...pciFunction(NIC), ...nic(NIC, 'eth0', { ifindex: '77' }) }, veth)).toEqual([]);
  });

  it('wireguard-beyond-the-default-route is not decided by files', () => {
    const wg = virtualInterface('wg0', [], {
      uevent: 'DEVTYPE=wireguard\nINTERFACE=wg0',
      type: '65534',
      flags: '0x10c1',
    });
    const found = lossesWith(ETH0, wg, routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100]));
    expect(found.map(({ item, effect }) => `${item} ${effect}`)).toEqual([
      'default-route lost',
      'interface:wg0 undecided',
    ]);
    expect(found[1]?.decidedBy).toContain('wg show wg0 endpoints');
  });

  const PPP = virtualInterface('ppp0', [], { type: '512', flags: '0x10d1' });
  const pppoe = (...names: string[]): FileRecipes => ({
    'proc/net/pppoe': [
      'Id       Address              Device',
      ...names.map((n) => `0000A1B2 52:54:00:12:34:56     ${n}`),
    ].join('\n'),
  });
  const OUT = routes(['ppp0', '0.0.0.0', '', 0, 0]);

  it('PPPoE lies on the interface of its session', () => {
    const found = lossesWith(ETH0, ETH1, PPP, pppoe('eth0'), OUT);
    expect(found.map(({ item, effect }) => `${item} ${effect}`)).toEqual(['default-route lost', 'interface:ppp0 lost']);
    expect(found[0]?.says).toBe('the default route is on ppp0 on eth0 of 0000:03:00.0');
    expect(shown(ETH0, ETH1, PPP, pppoe('eth1'), OUT)).toEqual([]);
  });

  it('PPPoE with sessions on several interfaces, or without one for each, is not decided by files', () => {
    const undecided = ['default-route undecided', 'interface:ppp0 undecided'];
    expect(shown(ETH0, ETH1, PPP, pppoe('eth0', 'eth1'), OUT)).toEqual(undecided);
    const second = virtualInterface('ppp1', [], { type: '512', flags: '0x10d1' });
    expect(shown(ETH0, PPP, second, pppoe('eth0'), OUT)).toEqual([...undecided, 'interface:ppp1 undecided']);
  });

  it('PPP beside a session of PPPoE on an interface that stays may leave through the other one', () => {
    const second = virtualInterface('ppp1', [], { type: '512', flags: '0x10d1' });
    const out = routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100]);
    expect(shown(ETH0, ETH1, PPP, second, pppoe('eth1'), out)).toEqual([
      'default-route lost',
      'interface:ppp0 undecided',
      'interface:ppp1 undecided',
    ]);
  });

  it('PPP over something else may leave through the interface', () => {
    expect(shown(ETH0, PPP, routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100]))).toEqual([
      'default-route lost',
      'interface:ppp0 undecided',
    ]);
  });

  it('a port of Open vSwitch', () => {
    expect(shown(ETH0, virtualInterface('ovs-system', ['eth0']))).toEqual(['interface:ovs-system undecided']);
  });

  it('an interface without an address that nothing lies on is nobody’s loss', () => {
    expect(shown(ETH0)).toEqual([]);
  });
});

describe('addresses', () => {
  it('of two interfaces in one network: no file tells which is on which', () => {
    const found = lossesWith(
      ETH0,
      ETH1,
      routes(['eth1', LAN, '', 24, 100], ['eth0', LAN, '', 24, 101]),
      addresses('192.168.1.10', '192.168.1.11'),
    );
    expect(found.map(({ item, effect }) => `${item} ${effect}`)).toEqual([
      `route:${LAN}/24 degraded`,
      'address:192.168.1.10 undecided',
      'address:192.168.1.11 undecided',
    ]);
    expect(found[1]?.decidedBy).toBe('ip -br address');
  });

  it('of two interfaces in one network that both leave: lost', () => {
    const two = routes(['eth1', LAN, '', 24, 100], ['eth0', LAN, '', 24, 101]);
    const tree = hostOf(ETH0, ETH1, two, addresses('192.168.1.10'));
    expect(findLosses(tree, [NIC, OTHER_NIC])).toContainEqual(
      expect.objectContaining({ item: 'address:192.168.1.10', effect: 'lost' }),
    );
  });

  it('in no network of the host may be on any interface; loopback ones are not', () => {
    expect(shown(ETH0, ETH1, addresses('203.0.113.5', '127.0.0.53'))).toEqual(['address:203.0.113.5 undecided']);
    expect(findLosses(hostOf(addresses('203.0.113.5')), [NIC])).toEqual([]);
  });
  it('on the interface through which its network is reached', () => {
    const two = routes(['eth0', LAN, '', 24, 100], ['eth1', '10.0.0.0', '', 8, 100]);
    const found = lossesWith(ETH0, ETH1, two, addresses('127.0.0.1', '192.168.1.5', '10.1.2.3'));
    expect(found.map(({ says }) => says)).toEqual(['the address 192.168.1.5 is on eth0 of 0000:03:00.0']);
    expect(found[0]).toMatchObject({ kind: 'address', item: 'interface:eth0' });
  });

  it('not on one through which a router is reached', () => {
    const two = routes(['eth0', '10.0.0.0', '', 8, 0], ['eth1', '10.1.0.0', '10.0.0.7', 16, 0]);
    expect(shown(ETH0, ETH1, two, addresses('10.1.2.3'))).toEqual(['interface:eth0 lost']);
  });

  it('of IPv6, but not the link-local ones', () => {
    const table = [
      '20010db8000000000000000000000005 02 40 00 80     eth0',
      'fe800000000000000000000000000005 02 40 20 80     eth0',
    ].join('\n');
    expect(lossesWith(ETH0, { 'proc/net/if_inet6': table }).map(({ says }) => says)).toEqual([
      'the address 2001:db8::5 is on eth0 of 0000:03:00.0',
    ]);
  });
});

describe('ssh sessions', () => {
  const DIRECT = {
    ...routes(['eth0', LAN, '', 24, 0], ['eth1', '10.0.0.0', '', 24, 0], ['eth1', '0.0.0.0', '10.0.0.1', 0, 0]),
    ...addresses('192.168.1.5', '10.0.0.2', '10.9.0.1'),
  };
  const sessions = (losses: ReturnType<typeof findLosses>): readonly string[] =>
    losses.filter(({ kind }) => kind === 'ssh-session').map(({ item, effect }) => `${item} ${effect}`);
  const withSession = (connection: string, ...parts: FileRecipes[]) =>
    findLosses(hostOf(ETH0, ETH1, DIRECT, ...parts), [NIC], { sshConnection: connection }).filter(
      ({ kind }) => kind === 'ssh-session',
    );

  it('ssh-peer-route by the longest destination', () => {
    expect(withSession('192.168.1.77 50022 192.168.1.5 22')).toEqual([
      expect.objectContaining({
        item: 'ssh-session:192.168.1.77',
        effect: 'lost',
        says: 'the ssh session of this command from 192.168.1.77 comes through eth0 of 0000:03:00.0',
      }),
    ]);
    expect(withSession('203.0.113.7 50022 10.0.0.2 22')).toEqual([]);
    const nearer = routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 0], ['eth1', '10.9.0.0', '', 16, 900]);
    expect(withSession('10.9.1.1 50022 10.9.0.1 22', nearer)).toEqual([]);
    expect(withSession('10.8.1.1 50022 10.9.0.1 22', nearer)).toHaveLength(1);
  });

  it('by the address of the host, which the way back does not need', () => {
    expect(withSession('203.0.113.7 50022 192.168.1.5 22')).toEqual([
      expect.objectContaining({ item: 'ssh-session:203.0.113.7', effect: 'lost' }),
    ]);
    const both = routes(['eth1', LAN, '', 24, 100], ['eth0', LAN, '', 24, 101]);
    expect(withSession('192.168.1.77 50022 192.168.1.5 22', both)).toEqual([
      expect.objectContaining({ effect: 'undecided', decidedBy: 'ip -br address' }),
    ]);
    const table = '0: 0501A8C0:0016 077100CB:C366 01\n1: 0200000A:0016 077100CB:C367 01';
    expect(sessions(lossesWith(ETH0, ETH1, DIRECT, { 'proc/net/tcp': table }))).toEqual([
      'ssh-session:203.0.113.7 lost',
    ]);
    const own = { sshConnection: '203.0.113.7 50022 10.0.0.2 22' };
    expect(sessions(findLosses(hostOf(ETH0, ETH1, DIRECT, { 'proc/net/tcp': table }), [NIC], own))).toEqual([
      'ssh-session:203.0.113.7 lost',
    ]);
  });

  it('written as an IPv6 address', () => {
    expect(withSession('::ffff:192.168.1.77 50022 ::ffff:192.168.1.5 22')).toHaveLength(1);
  });

  it('to which no route leads is undecided; from the host itself it does not count', () => {
    expect(withSession('2001:db8::7 50022 2001:db8::1 22')).toEqual([
      expect.objectContaining({ effect: 'undecided', decidedBy: 'ip route get 2001:db8::7' }),
    ]);
    expect(withSession('::1 50022 ::1 22')).toEqual([]);
  });

  it('whose variable sudo dropped is found in the processes above', () => {
    const above = {
      'proc/self/environ': 'SUDO_USER=ann\0',
      'proc/self/stat': '812 (isogroups (x) y) S 811 1',
      'proc/811/environ': 'HOME=/root\0SSH_CONNECTION=192.168.1.77 50022 192.168.1.5 22\0',
    };
    expect(sessions(lossesWith(ETH0, ETH1, DIRECT, above))).toEqual(['ssh-session:192.168.1.77 lost']);
  });

  it('of others, by the established connections', () => {
    const table = [
      '  sl  local_address rem_address   st',
      '   0: 0501A8C0:0016 4D01A8C0:C366 01 0 0 0',
      '   1: 0501A8C0:01BB 4E01A8C0:C366 01 0 0 0',
      '   2: 00000000:0016 00000000:0000 0A 0 0 0',
      '   3: 0501A8C0:0016 4F01A8C0:C366 06 0 0 0',
    ].join('\n');
    expect(sessions(lossesWith(ETH0, DIRECT, { 'proc/net/tcp': table }))).toEqual(['ssh-session:192.168.1.77 lost']);
    const elsewhere = table.replace('0501A8C0:01BB', '0501A8C0:08AE');
    const own = { sshConnection: '192.168.1.90 50022 192.168.1.5 2222' };
    expect(sessions(findLosses(hostOf(ETH0, DIRECT, { 'proc/net/tcp': elsewhere }), [NIC], own))).toEqual([
      'ssh-session:192.168.1.90 lost',
      'ssh-session:192.168.1.77 lost',
      'ssh-session:192.168.1.78 lost',
    ]);
    const six = '0: 0000000000000000FFFF00000501A8C0:0016 0000000000000000FFFF00004D01A8C0:C366 01';
    expect(sessions(lossesWith(ETH0, DIRECT, { 'proc/net/tcp6': six }))).toEqual(['ssh-session:192.168.1.77 lost']);
  });

  it('of an sshd on another port, by the sockets that it has open', () => {
    const line = (local: string, remote: string, state: string, inode: number) =>
      `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1`;
    const table = [
      line('00000000:08AE', '00000000:0000', '0A', 500),
      line('00000000:01BB', '00000000:0000', '0A', 501),
      line('0501A8C0:08AE', '4D01A8C0:C366', '01', 600),
      // A web server's, and what sshd has connected to for a forwarding.
      line('0501A8C0:01BB', '4E01A8C0:C366', '01', 601),
      line('0501A8C0:C111', '4F01A8C0:0050', '01', 602),
      // Gone again.
      line('0501A8C0:08AE', '5001A8C0:C366', '06', 0),
    ].join('\n');
    const server = (comm: string): FileRecipes => ({
      'proc/900/comm': comm,
      'proc/900/fd/4': { link: 'socket:[600]' },
      'proc/900/fd/5': { link: 'socket:[602]' },
      'proc/901/comm': 'nginx',
      'proc/901/fd/9': { link: 'socket:[601]' },
    });
    const found = (comm: string) => sessions(lossesWith(ETH0, DIRECT, { 'proc/net/tcp': table }, server(comm)));
    for (const comm of ['sshd', 'sshd-session', 'dropbear'])
      expect(found(comm)).toEqual(['ssh-session:192.168.1.77 lost']);
    expect(found('nginx')).toEqual([]);
  });
});

describe('storage beyond the network', () => {
  const LOCAL = routes(['eth0', LAN, '', 24, 0]);
  const ROUTE = `route:${LAN}/24 lost`;

  it('nfs-root through the interface', () => {
    const mounts = {
      'proc/self/mountinfo': '30 1 0:50 / / rw - nfs4 192.168.1.9:/export rw,vers=4.2,addr=192.168.1.9',
    };
    const [, root] = lossesWith(ETH0, LOCAL, mounts);
    expect(root).toMatchObject({ item: 'remote-storage:/', effect: 'lost' });
    expect(root?.says).toBe('/ (nfs4) is reached at 192.168.1.9 through eth0 of 0000:03:00.0');
  });

  it('iSCSI and NVMe over TCP', () => {
    expect(
      shown(ETH0, LOCAL, {
        'sys/class/iscsi_connection/connection1:0/address': '192.168.1.9',
        'sys/class/nvme/nvme4/address': 'traddr=192.168.1.10,trsvcid=4420',
        'sys/class/nvme/nvme5/address': '0000:01:00.0',
      }),
    ).toEqual([ROUTE, 'remote-storage:connection1:0 lost', 'remote-storage:nvme4 lost']);
  });

  it('a disk of the host is none', () => {
    expect(shown(ETH0, LOCAL, mountTable(['259:2', '/', 'ext4', '/dev/nvme0n1p2']))).toEqual([ROUTE]);
  });
});

describe('what is not seen', () => {
  it('a network controller with a driver and no interface here may be in a namespace', () => {
    const bound = pciFunction(NIC, { driver: { link: '../../../../bus/pci/drivers/e1000e' } });
    expect(shown(bound)).toEqual([`unread:interface-of-${NIC} undecided`]);
    expect(shown(bound, nic(NIC, 'eth0'))).toEqual([]);
    for (const away of ['vfio-pci', 'pci-stub', 'igb_uio', 'uio_pci_generic']) {
      expect(shown(pciFunction(NIC, { driver: { link: `../../../../bus/pci/drivers/${away}` } }))).toEqual([]);
    }
  });

  it('without the interfaces or routes nothing is decided, for what may have some', () => {
    const tree = memoryTreeOf({ ...pciFunction(NIC), ...pciFunction(NVME), 'sys/dev/block': null });
    expect(findLosses(tree, [NIC]).map(({ item }) => item)).toEqual(['unread:network']);
    expect(findLosses(tree, [NVME])).toEqual([]);
  });
});

describe('programs that receive all packets', () => {
  const sockets = (...all: readonly (readonly [protocol: string, index: string, inode: number])[]): FileRecipes => ({
    'proc/net/packet': [
      'sk               RefCnt Type Proto  Iface R Rmem   User   Inode',
      ...all.map(
        ([protocol, index, inode]) =>
          `0000000000000000 3      3    ${protocol}   ${index}     1 0      0      ${inode}`,
      ),
    ].join('\n'),
  });
  const INDEX = { ifindex: '7', iflink: '7' };
  const SENSOR = { ...pciFunction(NIC), ...nic(NIC, 'eth0', INDEX) };
  const SURICATA: FileRecipes = { 'proc/812/comm': 'Suricata-Main', 'proc/812/fd/9': { link: 'socket:[600]' } };

  it('of an interface without address and route', () => {
    expect(lossesWith(SENSOR, SURICATA, sockets(['0003', '7', 600]))).toMatchObject([
      {
        kind: 'packets',
        item: 'packets:eth0',
        device: NIC,
        effect: 'lost',
        says: 'Suricata-Main (812) receives all packets of eth0 of 0000:03:00.0',
      },
    ]);
    expect(lossesWith(SENSOR, sockets(['0003', '7', 600]))[0]?.says).toMatch(/^a program receives/);
  });

  it('of a bond of several: degraded', () => {
    const bond = virtualInterface('bond0', ['eth0', 'eth1'], { 'bonding/mode': '', ifindex: '9', iflink: '9' });
    expect(shown(SENSOR, ETH1, bond, SURICATA, sockets(['0003', '9', 600]))).toEqual([
      'interface:bond0 degraded',
      'packets:bond0 degraded',
    ]);
  });

  it('and none that is for one protocol, for all interfaces, or for one that stays', () => {
    expect(shown(SENSOR, sockets(['0800', '7', 600], ['88cc', '7', 601], ['0003', '0', 602]))).toEqual([]);
    expect(shown(SENSOR, ETH1, sockets(['0003', '8', 600]))).toEqual([]);
  });
});
