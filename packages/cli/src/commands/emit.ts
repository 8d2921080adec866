/**
 * @module `isogroups emit`: what other tools have to be told about devices that were handed over.
 */

import type { Partition } from '@isogroups/core';
import {
  assignedFunction,
  claimsOf,
  EMIT_TOOLS,
  type EmitOptions,
  type EmitTool,
  emitFor,
  isStanding,
  isUserName,
  isVfioDriver,
  withNotes,
} from '@isogroups/host';
import { type Analysis, formatAddress, known } from '@isogroups/pci';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { suggest } from '../render/suggest.ts';
import { listWords } from '../sentences/party.ts';
import type { CommandSession } from '../session.ts';
import { kernelGroupsOf, ownerOf, resolveDevice, resolveTarget, withoutBridges } from '../targets.ts';
import { withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, { positional, options }: CommandArguments): Promise<Answer> {
  const [word, ...targets] = positional;
  const tool = toolOf(word ?? '');
  const wanted = emitOptions(options);
  const analysis = await session.analysis();
  const partition = await session.groups();
  const parties: number[] = [];
  for (const target of targets) parties.push(...(await partiesOf(session, options, analysis, partition, target)));
  const unique = [...new Set(parties)];
  const functions = unique.map((p) => assignedFunction(analysis, endpoint(analysis, p)));
  const emitted = emitFor(tool, functions, wanted);
  const notes = [...emitted.notes, ...bindingNotes(analysis, tool, unique), ...companyNotes(analysis, unique)];
  return {
    exitCode: 0,
    data: { kind: 'emit', tool, devices: functions.map((f) => f.device), text: emitted.text, notes },
    text: () => withNotes(tool, { text: emitted.text, notes }),
  };
}

function toolOf(word: string): EmitTool {
  const found = EMIT_TOOLS.find((tool) => tool === word);
  if (found !== undefined) return found;
  const near = suggest(word, [...EMIT_TOOLS]);
  const hint = near === undefined ? `choose one of ${EMIT_TOOLS.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`there is no text for "${word}"; ${hint}`);
}

function emitOptions({ user, guestBus }: Readonly<Record<string, unknown>>): EmitOptions {
  if (user !== undefined && !isUserName(String(user)))
    throw new UsageError(`--user ${user}: that is no name of a user`);
  const bus = guestBus === undefined ? undefined : Number(guestBus);
  if (bus !== undefined && !(Number.isInteger(bus) && bus > 0 && bus < 0x100)) {
    throw new UsageError(`--guest-bus ${guestBus}: give a number from 1 to 255`);
  }
  return { ...(user === undefined ? {} : { user: String(user) }), ...(bus === undefined ? {} : { guestBus: bus }) };
}

const CLAIM = /^c\d+$/;

async function partiesOf(
  session: CommandSession,
  options: Readonly<Record<string, unknown>>,
  analysis: Analysis,
  partition: Partition,
  word: string,
): Promise<readonly number[]> {
  if (CLAIM.test(word)) {
    const members = await membersOfClaim(session, options, word);
    return members.flatMap((m) => withoutBridges(analysis, [ownerOf(analysis, resolveDevice(analysis, m))]));
  }
  const target = resolveTarget(analysis, partition, word);
  return target.kind === 'device' ? [ownerOf(analysis, target.party)] : withoutBridges(analysis, target.parties);
}

async function membersOfClaim(
  session: CommandSession,
  options: Readonly<Record<string, unknown>>,
  id: string,
): Promise<readonly string[]> {
  const claims = await withWorld(session, options, async ({ journal }) => claimsOf(journal.read().records));
  const claim = claims.find((c) => c.id === id);
  if (claim === undefined) throw new UsageError(`there is no claim ${id}; isogroups claims prints them`);
  if (!isStanding(claim)) throw new UsageError(`claim ${id} has ended; isogroups claims prints those that stand`);
  return claim.members.flatMap((m) => (m.target === null ? [] : [m.device]));
}

function endpoint({ graph, machine }: Analysis, party: number): number {
  const name = graph.parties.nameOf(party);
  if (party >= machine.functions.length) throw new UsageError(`${name} is no PCI function: the tools take only those`);
  if (graph.parties.isBridge(party)) throw new UsageError(`${name} is a bridge, and only endpoints are handed over`);
  return party;
}

/** What starts a guest finds only devices that VFIO has; a driver that could not be read is no news. */
function bindingNotes({ machine }: Analysis, tool: EmitTool, parties: readonly number[]): readonly string[] {
  if (tool === 'udev' || tool === 'driverctl') return [];
  return parties.flatMap((p) => {
    const f = machine.functions[p];
    const driver = f === undefined ? undefined : known(f.host.driver);
    if (f === undefined || driver === undefined || (driver !== null && isVfioDriver(driver))) return [];
    const now = driver === null ? 'has no driver' : `is bound to ${driver}`;
    return [`${formatAddress(f)} ${now}: isogroups claim ${formatAddress(f)} hands it over`];
  });
}

/** VFIO wants all endpoints of a group away from the host, whether the tool is told of them or not. */
function companyNotes(analysis: Analysis, parties: readonly number[]): readonly string[] {
  const { graph, machine } = analysis;
  return [...kernelGroupsOf(analysis)].flatMap(([id, members]) => {
    if (!members.some((p) => parties.includes(p))) return [];
    const others = members.filter((p) => !parties.includes(p) && !graph.parties.isBridge(p));
    const names = others.flatMap((p) =>
      machine.functions[p] === undefined ? [] : [formatAddress(machine.functions[p])],
    );
    if (names.length === 0) return [];
    return [`kernel group ${id} has ${listWords(names, 8)} as well: the host has to let go of all of it`];
  });
}
