/**
 * @module `isogroups doctor`: who holds a device, and what an unbinding of it waits for.
 */
import {
  bootOf,
  type ClaimState,
  claimsOf,
  diagnose,
  type JournalStore,
  JournalUnreadable,
  ownOverrides,
  type World,
} from '@isogroups/host';
import { formatAddress, known } from '@isogroups/pci';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { ownerOf, resolveDevice } from '../targets.ts';
import { doctorText, type StuckWrite } from './doctor/doctor-text.ts';
import { deviceNames } from './handing-over/device-names.ts';
import { withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, { positional, options }: CommandArguments): Promise<Answer> {
  const [word = ''] = positional;
  const analysis = await session.analysis();
  const { machine } = analysis;
  const f = machine.functions[ownerOf(analysis, resolveDevice(analysis, word))];
  if (f === undefined) throw new UsageError(`${word} is no PCI function: name the one that it belongs to`);
  const device = formatAddress(f);
  const look = async ({ files, journal }: World) => {
    const tree = await files.lookPatiently([device]);
    const claims = claimsIn(journal);
    const ours = ownOverrides(claims ?? [], bootOf(tree));
    return {
      found: diagnose(tree, device, { log: known(machine.kernel.log) ?? [], ours }),
      stuck: claims === undefined ? undefined : stuckWrites(claims, device),
    };
  };
  const { found, stuck } = await withWorld(session, options, look);
  const names = await deviceNames(session);
  return {
    exitCode: found.verdict === 'free' && stuck?.length === 0 ? 0 : 1,
    data: { kind: 'doctor', ...found, stuck: stuck ?? null },
    text: (style) => doctorText(found, stuck, names, style),
  };
}

/** Undefined where the journal may not be read. */
function claimsIn(journal: JournalStore): readonly ClaimState[] | undefined {
  try {
    return claimsOf(journal.read().records);
  } catch (error) {
    if (error instanceof JournalUnreadable) return undefined;
    throw error;
  }
}

function stuckWrites(claims: readonly ClaimState[], device: string): readonly StuckWrite[] {
  return claims.flatMap(({ id, stuck }) => {
    const write = stuck.get(device);
    return write === undefined ? [] : [{ claim: id, says: write.step.why, pid: write.writer.pid, since: write.since }];
  });
}
