/**
 * @module The requester ids that a function uses of right: its own, those that its device is known to use as well, and of
 * a bridge that takes ownership the one that it puts on what it forwards.
 */
import { requesterId } from '@isogroups/pci';
import type { Fabric, FabricFunction } from '../fabric/fabric.ts';
import type { Packet } from '../fabric/packet.ts';
import { createRouter } from '../fabric/router.ts';
import { ownedId } from '../fabric/rules/ownership.ts';
import { FAULT } from '../fabric/translation.ts';
import { HOST_PAGE } from './memory-plan.ts';

/** 16-bit ids, its own first. */
export function ownIds(f: FabricFunction): readonly number[] {
  const owned = ownedId(f);
  const ids = [requesterId(f), ...f.model.alsoSendsAs, ...(owned === undefined ? [] : [owned & 0xffff])];
  return [...new Set(ids)];
}

/** As what a function's own traffic comes to the IOMMU: full ids, found by sending under each of its own. */
export function arrivals(fabric: Fabric): readonly (readonly number[])[] {
  const router = createRouter(fabric, { translate: () => FAULT.noEntry });
  return fabric.functions.map((f, origin) => {
    const found = ownIds(f).flatMap((requester) => {
      const packet: Packet = { kind: 'read', origin, requester, address: HOST_PAGE, translated: false };
      const outcome = router.route(packet);
      return outcome.kind === 'stopped' && outcome.reason === 'no-entry' ? [outcome.requester] : [];
    });
    return [...new Set(found)];
  });
}
