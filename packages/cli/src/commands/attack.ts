/**
 * @module `isogroups attack <device> <target>`: the way of one packet, hop by hop.
 */
import { type Analysis, type PciAddress, parseAddress, requesterId } from '@isogroups/pci';
import { domainOfPage, type Hop, type Outcome, type Packet, provingGround, subjectOf } from '@isogroups/simulator';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { resolveDevice } from '../targets.ts';
import { type Aim, parseAim } from './attack/aim.ts';
import { type Attack, attackData } from './attack/attack-data.ts';
import { attackText } from './attack/attack-text.ts';

/** Exit code 0: it gets there. 1: it does not. */
export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const [device = '', target = ''] = args.positional;
  const [analysis, groups] = await Promise.all([session.analysis(), session.groups()]);
  const ground = provingGround(subjectOf(analysis), groups);
  const from = senderOf(analysis, resolveDevice(analysis, device));
  const f = ground.subject.fabric.functions[from];
  if (f === undefined) throw new UsageError(`${device} is no PCI function, and no child of one: it sends no packets`);
  const requester = idOf(args.options.as, f);
  const translated = args.options.translated === true;
  const passes = translated || ground.table.entries.get(f.segment * 0x10000 + requester)?.domain === -1;
  const aim = parseAim(analysis, groups, ground, target, passes);
  const packet = packetOf(aim, from, requester, translated, args.options.completion === true);

  const path: Hop[] = [];
  const outcome = ground.router.route(packet, path);
  const escapes = ground.judge.judge(packet, outcome) !== undefined;
  const found: Attack = { analysis, groups, from, aim, packet, outcome, path, hits: isHit(aim, outcome), escapes };
  return { exitCode: found.hits ? 0 : 1, data: attackData(found), text: (style) => attackText(found, style) };
}

/** Devices that no bus gives an id send through the function that they are children of. */
function senderOf({ machine }: Analysis, party: number): number {
  return party < machine.functions.length ? party : (machine.others[party - machine.functions.length]?.parent ?? -1);
}

const NAMES_SEGMENT = /:.*:/;

/** Packets carry 16 bits: the segment is that of the sender, whatever it writes into them. */
function idOf(as: unknown, sender: PciAddress): number {
  if (typeof as !== 'string') return requesterId(sender);
  const address = parseAddress(as);
  if (address === undefined) throw new UsageError(`--as ${as}: write a requester id as 01:00.0`);
  if (NAMES_SEGMENT.test(as) && address.segment !== sender.segment) {
    throw new UsageError(`--as ${as}: a requester id is of the sender's own segment; write it as 01:00.0`);
  }
  return requesterId(address);
}

function packetOf(aim: Aim, origin: number, requester: number, translated: boolean, isCompletion: boolean): Packet {
  if (!isCompletion) {
    const kind = aim.kind === 'doorbell' ? 'write' : 'read';
    return { kind, origin, requester, address: aim.address, translated };
  }
  if (aim.kind !== 'device') throw new UsageError('--completion: a completion goes to a device; name one');
  return { kind: 'completion', origin, requester, destination: aim.party };
}

function isHit(aim: Aim, outcome: Outcome): boolean {
  switch (aim.kind) {
    case 'device':
      return outcome.kind === 'function' && outcome.function === aim.party;
    case 'host-memory':
      return outcome.kind === 'memory' && domainOfPage(outcome.address) === undefined;
    case 'group-memory':
      return outcome.kind === 'memory' && domainOfPage(outcome.address) === aim.group;
    case 'doorbell':
      return outcome.kind === 'interrupt';
    case 'address':
      return outcome.kind !== 'stopped';
  }
}
