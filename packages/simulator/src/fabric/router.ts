/**
 * @module The way of a packet through a PCI fabric, hop by hop, as the PCI Express Base Specification has it. Each rule is
 * a file in rules/; here is only their order.
 */
import { PORT, requesterId, UNKNOWN_TYPE } from '@isogroups/pci';
import { addressMap, NOBODY } from './address-map.ts';
import type { Fabric, FabricFunction } from './fabric.ts';
import type { Hop, Outcome, StopReason } from './outcome.ts';
import type { Packet } from './packet.ts';
import { ownedId } from './rules/ownership.ts';
import { isReachedByPeers, reachesPeers, type Traffic } from './rules/redirection.ts';
import { routesAfterTranslation, routesBetweenPorts } from './rules/root-complex.ts';
import { isInRange, validates } from './rules/source-validation.ts';
import { blocksTranslated } from './rules/translation-blocking.ts';
import { turnsBack } from './rules/upstream-forwarding.ts';
import { reasonOf, type Translation } from './translation.ts';
import { wire } from './wiring.ts';

export interface Router {
  readonly fabric: Fabric;
  /**
   * Sends a packet.
   *
   * @param path where given, every hop is added to it.
   */
  route(packet: Packet, path?: Hop[]): Outcome;
}

/** segment × 65536 + the 16-bit requester id. */
function fullId(f: FabricFunction, id: number = requesterId(f)): number {
  return f.segment * 0x10000 + id;
}

/** Reads the registers of the fabric once: a router for each state of them. */
export function createRouter(fabric: Fabric, translation: Translation): Router {
  const { functions, doorbell } = fabric;
  const { busFrom, busTo, peersFrom, peersTo, belowFrom, belowTo, shared } = wire(fabric);
  const map = addressMap(fabric);
  const at = (i: number): FabricFunction => functions[i] as FabricFunction;
  const hasBelow = (i: number): boolean => (belowFrom[i] as number) < (belowTo[i] as number);

  return { fabric, route };

  function route(packet: Packet, path?: Hop[]): Outcome {
    const isCompletion = packet.kind === 'completion';
    // Conventional PCI has no Address Type: what comes from it is never marked as translated.
    const isTranslated = !isCompletion && packet.translated && shared[packet.origin] === 0;
    const traffic: Traffic = isCompletion ? 'completion' : isTranslated ? 'translated' : 'request';
    const claim = isCompletion ? packet.destination : map.find(packet.address);
    // What a bridge takes and nobody answers is routed like something below that bridge.
    const isHole = claim < NOBODY;
    const target = isHole ? -2 - claim : claim;
    let requester = fullId(at(packet.origin), packet.requester);
    let here = packet.origin;
    path?.push({ kind: 'sent', at: here, requester });
    if (!at(here).busMaster) return stopped(here, 'bus-master-off', requester);

    for (;;) {
      // The bus that the function is on: shared wires, the inside of its device, or that of a switch.
      if (target >= 0) {
        if (shared[here] === 1) {
          if (isCompletion) return stopped(here, 'no-completions', requester);
          const to = memberWith(busFrom[here] as number, busTo[here] as number, target);
          if (to >= 0 && to !== here) {
            path?.push({ kind: 'shared-bus', at: here, to });
            return descend(to, target, isHole, requester, 'peers', path);
          }
        } else {
          const to = memberWith(peersFrom[here] as number, peersTo[here] as number, target);
          if (to >= 0 && to !== here && !at(here).isHostBridge && isReachedByPeers(at(to), hasBelow(to))) {
            const way = reachesPeers(at(here), traffic);
            if (way.passes) {
              path?.push({ kind: 'to-peer', at: here, to, because: way.because });
              return descend(to, target, isHole, requester, 'peers', path);
            }
            path?.push({ kind: 'redirected', at: here, because: way.because });
          }
        }
      }

      const above = at(here).parent;
      if (above < 0) {
        const way = betweenRootPorts(here);
        if (way !== undefined) return way;
        const sender = at(here).model.sendsThrough;
        if (sender < 0) return atRootComplex();
        requester = fullId(at(sender));
        path?.push({ kind: 'sent-for', at: here, by: sender, requester });
        here = sender;
        continue;
      }

      // The bridge above receives it from below.
      const port = at(above);
      if (port.type === PORT.root || port.type === PORT.downstream || port.type === UNKNOWN_TYPE) {
        const validated = validates(port);
        if (validated && !isInRange(port, requester)) return stopped(above, 'source-validation', requester);
        if (traffic === 'translated' && blocksTranslated(port))
          return stopped(above, 'translation-blocking', requester);
        path?.push({ kind: 'checked', at: above, requester, validated });
        const isOwn = target === above && !isHole;
        if (isOwn || isBelow(above, target, isHole)) {
          const way = turnsBack(port);
          if (way.passes) {
            path?.push({ kind: 'turned-back', at: above, because: way.because });
            if (isOwn) return landed(above, requester, 'peers');
            return descend(above, target, isHole, requester, 'peers', path);
          }
          path?.push({ kind: 'forwarded-up', at: above, because: way.because });
        }
      } else {
        const owned = ownedId(port);
        if (owned !== undefined) {
          // A conventional bridge does not take up what its own secondary bus is to answer.
          if (isBelow(above, target, isHole)) return stopped(above, 'nobody-claims', requester);
          requester = owned;
          path?.push({ kind: 'owned', at: above, requester });
        } else path?.push({ kind: 'up', at: above });
      }
      if (!port.busMaster) return stopped(above, 'bus-master-off', requester);
      here = above;
    }

    /** The packet is on a root bus, sent or forwarded by the function `from`: the way to another root port there. */
    function betweenRootPorts(from: number): Outcome | undefined {
      if (target < 0 || at(from).type !== PORT.root) return undefined;
      const to = memberWith(busFrom[from] as number, busTo[from] as number, target);
      if (to < 0 || to === from || at(to).type !== PORT.root) return undefined;
      const way = routesBetweenPorts(at(from), traffic);
      if (!way.passes) return undefined;
      path?.push({ kind: 'root-complex', from, to, because: way.because });
      return descend(to, target, isHole, requester, 'peers', path);
    }

    /** To the interrupt controller, or through the IOMMU. */
    function atRootComplex(): Outcome {
      if (packet.kind === 'completion') return stopped(-1, 'unexpected-completion', requester);
      const { address } = packet;
      if (packet.kind === 'write' && address >= doorbell.first && address <= doorbell.last) {
        if (fabric.interruptsChecked) return stopped(-1, 'interrupt-remapping', requester);
        return { kind: 'interrupt', requester };
      }
      const physical = translation.translate(requester, address, packet.kind === 'write', isTranslated);
      path?.push({ kind: 'iommu', requester, address, physical });
      if (physical < 0) return stopped(-1, reasonOf(physical), requester);
      return atPhysical(physical, requester, path);
    }
  }

  /** What the IOMMU let through goes to memory, or down again to who claims the physical address. */
  function atPhysical(physical: number, requester: number, path: Hop[] | undefined): Outcome {
    const claim = map.find(physical);
    if (claim === NOBODY) return { kind: 'memory', address: physical, requester };
    if (claim < NOBODY) return stopped(-1, 'nobody-claims', requester);
    let top = claim;
    while (at(top).parent >= 0) top = at(top).parent;
    if (!routesAfterTranslation(at(top))) return stopped(-1, 'root-complex-does-not-route', requester);
    return descend(top, claim, false, requester, 'iommu', path);
  }

  /**
   * Down from `from` to who claims it. A completion for what is behind a bridge to conventional PCI carries the id that the
   * bridge put on the request, and the bridge hands its data on.
   */
  function descend(
    from: number,
    target: number,
    isHole: boolean,
    requester: number,
    past: 'peers' | 'iommu',
    path: Hop[] | undefined,
  ): Outcome {
    if (path !== undefined) {
      const way: Hop[] = [];
      for (let i = target; i !== from; i = at(i).parent) if (i !== target) way.unshift({ kind: 'down', at: i });
      if (from !== target) way.unshift({ kind: 'down', at: from });
      path.push(...way);
    }
    if (isHole) return stopped(target, 'nobody-claims', requester);
    return landed(target, requester, past);
  }

  /** The function of a bus, from `from` up to `to`, that claims the target or passes it down; -1 for none. */
  function memberWith(from: number, to: number, target: number): number {
    for (let i = target; i >= 0; i = at(i).parent) {
      if (i < from) return -1;
      if (i < to) return i;
    }
    return -1;
  }

  function isBelow(bridge: number, target: number, isHole: boolean): boolean {
    return (
      (target >= (belowFrom[bridge] as number) && target < (belowTo[bridge] as number)) || (isHole && target === bridge)
    );
  }

  function landed(i: number, requester: number, past: 'peers' | 'iommu'): Outcome {
    return { kind: 'function', function: i, requester, past };
  }

  function stopped(i: number, reason: StopReason, requester: number): Outcome {
    return { kind: 'stopped', at: i, reason, requester };
  }
}
