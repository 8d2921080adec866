/**
 * @module Peers that somebody works from: the ssh session of this command, and the other ones.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { lossesOf, worst } from '../fate.ts';
import { type Evidence, evidence, type Loss, loss } from '../loss.ts';
import { type Address, formatIpAddress, parseIpAddress } from './address.ts';
import type { Network } from './network-reading.ts';
import { littleEndian } from './routes.ts';
import { socketOwners } from './socket-owners.ts';

interface Peer {
  readonly address: Address;
  /** Of the host, that the peer is connected with. */
  readonly locals: readonly Address[];
  /** Of the server, where it is that of a session of this command. */
  readonly port?: number;
  readonly own: boolean;
  readonly shown: Evidence;
}

/** @param given the value of SSH_CONNECTION; without it, that of this process and those above it (sudo drops it) */
export function sessionLosses(tree: MachineTree, network: Network, device: string, given?: string): readonly Loss[] {
  const own = ownPeer(tree, given);
  const connected = connectedPeers(tree, new Set([SSH_PORT, own?.port ?? SSH_PORT]));
  return oncePerPeer([...(own === undefined ? [] : [own]), ...connected]).flatMap((peer): readonly Loss[] => {
    const text = formatIpAddress(peer.address);
    const item = `ssh-session:${text}`;
    const who = peer.own ? 'the ssh session of this command' : 'an ssh session';
    const route = network.fateOfRoute(peer.address);
    if (route !== undefined) {
      const fate = worst([route, ...peer.locals.map(network.fateOfAddress)]);
      const subject = `${who} from ${text} comes through`;
      return lossesOf(fate, { kind: 'ssh-session', item, subject, shown: [peer.shown] });
    }
    if (isLocal(network, peer.address)) return [];
    const says = `${who} comes from ${text}, to which no route of the main table leads`;
    return [
      loss({
        kind: 'ssh-session',
        item,
        device,
        effect: 'undecided',
        says,
        evidence: [peer.shown],
        decidedBy: `ip route get ${text}`,
      }),
    ];
  });
}

/** The first one of a peer, with the addresses that its other sessions came to. */
function oncePerPeer(peers: readonly Peer[]): readonly Peer[] {
  const found = new Map<string, Peer>();
  for (const peer of peers) {
    const text = formatIpAddress(peer.address);
    const before = found.get(text);
    found.set(text, before === undefined ? peer : { ...before, locals: [...before.locals, ...peer.locals] });
  }
  return [...found.values()];
}

const LOOPBACK_4 = 127n;

function isLocal({ addresses }: Network, to: Address): boolean {
  if (to.family === 4 ? to.value >> 24n === LOOPBACK_4 : to.value === 1n) return true;
  return addresses.some(({ address }) => address.family === to.family && address.value === to.value);
}

const DEEPEST = 64;

function ownPeer(tree: MachineTree, given: string | undefined): Peer | undefined {
  if (given !== undefined) return peerOf(given, 'SSH_CONNECTION');
  let pid = 'self';
  for (let depth = 0; depth < DEEPEST && pid !== '0' && pid !== '1'; depth++) {
    const environment = textAtWhole(tree, `proc/${pid}/environ`);
    const value = environment.split('\0').find((entry) => entry.startsWith('SSH_CONNECTION='));
    if (value !== undefined) return peerOf(value.slice('SSH_CONNECTION='.length), `proc/${pid}/environ`);
    pid = parentOf(tree, pid);
  }
  return undefined;
}

/** Of `812 (a) b) S 811 …`: the name may hold anything. */
function parentOf(tree: MachineTree, pid: string): string {
  const stat = textAt(tree, `proc/${pid}/stat`) ?? '';
  return (
    stat
      .slice(stat.lastIndexOf(')') + 1)
      .trim()
      .split(' ')[1] ?? '0'
  );
}

function textAtWhole(tree: MachineTree, path: string): string {
  const bytes = tree.readBytes(path);
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : '';
}

/** `203.0.113.7 50022 192.168.1.5 22`; a link-local address carries its interface. */
function peerOf(connection: string, file: string): Peer | undefined {
  const [client, , server, port] = connection.split(' ');
  const [address, local] = [client, server].map((text) => parseIpAddress(text?.split('%')[0] ?? ''));
  if (address === undefined) return undefined;
  const locals = local === undefined ? [] : [local];
  return { address, locals, port: Number(port), own: true, shown: evidence(file, connection) };
}

const ESTABLISHED = '01';
const LISTENING = '0A';
const SSH_PORT = 22;

/** A line of /proc/net/tcp: addresses as it has them, and the inode by which a process has it open. */
interface Socket {
  readonly file: string;
  readonly local: string;
  readonly port: number;
  readonly remote: string;
  readonly state: string;
  readonly inode: string;
}

/**
 * Those on the port that is usual, on the one that this session came in by, and what an sshd has accepted on any other. What
 * it has connected to for a forwarding came in on no port that anybody listens on.
 */
function connectedPeers(tree: MachineTree, ports: ReadonlySet<number>): readonly Peer[] {
  const sockets = ['proc/net/tcp', 'proc/net/tcp6'].flatMap((file) => socketsIn(tree, file));
  const served = new Set(sockets.flatMap(({ state, port }) => (state === LISTENING ? [port] : [])));
  const accepted = sockets.filter(({ state, port }) => state === ESTABLISHED && (ports.has(port) || served.has(port)));
  const others = accepted.filter(({ port }) => !ports.has(port));
  const owners = socketOwners(tree, new Set(others.map(({ inode }) => inode)));
  const isOfSsh = (inode: string): boolean =>
    owners.get(inode)?.some(({ command }) => SSH_SERVERS.has(command)) === true;
  return accepted.flatMap(({ file, local, port, remote, inode }): readonly Peer[] => {
    if (!ports.has(port) && !isOfSsh(inode)) return [];
    const address = fromSocket(remote);
    const shown = evidence(file, `connected with ${formatIpAddress(address)} on port ${port}`);
    return [{ address, locals: [fromSocket(local)], own: false, shown }];
  });
}

function socketsIn(tree: MachineTree, file: string): readonly Socket[] {
  return (textAt(tree, file) ?? '').split('\n').flatMap((line) => {
    const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    const number = Number.parseInt(port, 16);
    if (Number.isNaN(number)) return [];
    return [{ file, local: address, port: number, remote: remote.split(':')[0] ?? '', state, inode }];
  });
}

/** Since OpenSSH 9.8 each session is a program of its own. */
const SSH_SERVERS: ReadonlySet<string> = new Set(['sshd', 'sshd-session', 'dropbear']);

/** One or four words, each as the processor holds it. */
function fromSocket(hex: string): Address {
  const value = (hex.match(/[0-9a-f]{8}/gi) ?? []).reduce((sum, word) => (sum << 32n) | littleEndian(word), 0n);
  if (hex.length <= 8) return { family: 4, value };
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
}
