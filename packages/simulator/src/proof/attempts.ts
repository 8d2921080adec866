/**
 * @module Everything that a function can try: each sort of requester id against each target, untranslated and translated.
 *
 * A packet's way to another function's registers depends on the id only where a port validates it and where the units let
 * it through as it is: no domain maps registers. So against registers ids of all domains are one sort. Reads and writes
 * take the same way, apart from interrupts, which are writes.
 */
import { requesterId } from '@isogroups/pci';
import type { FabricFunction } from '../fabric/fabric.ts';
import type { Packet } from '../fabric/packet.ts';
import { forgeableIds, type ProgrammedIds } from './forgeable-ids.ts';
import { HOST_PAGE, pageOfDomain, SHARED_ADDRESS } from './memory-plan.ts';
import { ownIds } from './own-ids.ts';
import type { ProofSubject } from './subject.ts';

/** @param otherDomain a domain that function `origin` is not in, if there is one. */
export function* attemptsOf(
  subject: ProofSubject,
  origin: number,
  programmed: ProgrammedIds,
  otherDomain: number | undefined,
): Generator<Packet> {
  const { functions, doorbell } = subject.fabric;
  const own = ownIds(functions[origin] as FabricFunction);

  const memory = [HOST_PAGE, SHARED_ADDRESS, ...subject.firmwareMemory.map((m) => m.range.first)];
  if (otherDomain !== undefined) memory.push(pageOfDomain(otherDomain));
  const ids = forgeableIds(functions, origin, programmed, (e) => `${e.domain} ${e.admitsTranslated}`);
  for (const requester of new Set([...own, ...ids.map((f) => f.id)])) {
    for (const address of memory) {
      yield { kind: 'read', origin, requester, address, translated: false };
      yield { kind: 'read', origin, requester, address, translated: true };
    }
    yield { kind: 'write', origin, requester, address: doorbell.first, translated: false };
    yield { kind: 'write', origin, requester, address: doorbell.first, translated: true };
  }

  const sorts = forgeableIds(functions, origin, programmed, (e) => `${e.domain < 0} ${e.admitsTranslated}`);
  for (const requester of new Set([...own, ...sorts.map((f) => f.id)])) {
    for (let target = 0; target < functions.length; target++) {
      if (target === origin) continue;
      for (const { first: address } of (functions[target] as FabricFunction).memory) {
        yield { kind: 'read', origin, requester, address, translated: false };
        yield { kind: 'read', origin, requester, address, translated: true };
      }
    }
  }

  // No port looks at who a completion says that it is from, and no unit sees it: all ids are one sort.
  const requester = requesterId(functions[origin] as FabricFunction);
  for (let destination = 0; destination < functions.length; destination++) {
    if (destination !== origin) yield { kind: 'completion', origin, requester, destination };
  }
}
