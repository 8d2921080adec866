/**
 * @module `isogroups doctor`: who holds a device, and what an unbinding of it waits for.
 */
import { claimsOf, diagnose, type JournalStore, JournalUnreadable, type World } from '@isogroups/host';
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
  const look = async ({ files, journal }: World) => ({
    found: diagnose(files.look(), device, known(machine.kernel.log) ?? []),
    stuck: stuckWrites(journal, device),
  });
  const { found, stuck } = await withWorld(session, options, look);
  const names = await deviceNames(session);
  return {
    exitCode: found.verdict === 'free' && stuck?.length === 0 ? 0 : 1,
    data: { kind: 'doctor', ...found, stuck: stuck ?? null },
    text: (style) => doctorText(found, stuck, names, style),
  };
}

/** Undefined where the journal may not be read. */
function stuckWrites(journal: JournalStore, device: string): readonly StuckWrite[] | undefined {
  try {
    return claimsOf(journal.read().records).flatMap(({ id, stuck }) => {
      const write = stuck.get(device);
      if (write === undefined) return [];
      return [{ claim: id, says: write.step.why, pid: write.writer.pid, since: write.since }];
    });
  } catch (error) {
    if (error instanceof JournalUnreadable) return undefined;
    throw error;
  }
}
