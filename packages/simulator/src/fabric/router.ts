/**
 * @module The way of a packet through a PCI fabric, hop by hop, as the PCI Express Base Specification has it. Each rule is
 * a file in rules/; here is only their order.
 */
import { requesterId } from '@isogroups/pci';
import { addressMap, NOBODY } from './address-map.ts';
import { type Behaviour, behaviourOf } from './behaviour.ts';
import type { Fabric, FabricFunction } from './fabric.ts';
import type { Hop, Outcome, StopReason } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Traffic } from './rules/redirection.ts';
import { isInRange } from './rules/source-validation.ts';
import { reasonOf, type Translation } from './translation.ts';
import { wire } from './wiring.ts';

export interface Router {
  readonly fabric: Fabric;
  /**
   * Sends a packet.
   *
   * @param path where given, every hop is added to it.
   * @param only where given, ports and devices at all other places redirect, whatever their registers say: does this place
   * let the packet by?
   */
  route(packet: Packet, path?: Hop[], only?: number): Outcome;
}

/** segment × 65536 + the 16-bit requester id. */
function fullId(f: FabricFunction, id: number = requesterId(f)): number {
  return f.segment * 0x10000 + id;
}

/**
 * Reads the registers of the fabric once: a router for each state of them.
 *
 * @param admitsInterrupt where interrupts are checked: whether the write (of a full requester id, to an address of the
 * doorbell) is one that the host has granted. Without it the host has granted none.
 */
export function createRouter(
  fabric: Fabric,
  translation: Translation,
  admitsInterrupt: (requester: number, address: number) => boolean = () => false,
): Router {
  const { functions, doorbell } = fabric;
  const { busFrom, busTo, busEnd, peersFrom, peersTo, belowFrom, belowTo, shared } = wire(fabric);
  const map = addressMap(fabric);
  const behaviours = functions.map((f, i) => behaviourOf(f, (belowFrom[i] as number) < (belowTo[i] as number)));
  const at = (i: number): FabricFunction => functions[i] as FabricFunction;
  const does = (i: number): Behaviour => behaviours[i] as Behaviour;

  return { fabric, route };

  function route(packet: Packet, path?: Hop[], only?: number): Outcome {
    const isOpen = (place: number): boolean => only === undefined || only === place;
    const isCompletion = packet.kind === 'completion';
    // Conventional PCI has no Address Type: what comes from it, or went over it, is not marked as translated.
    const isMarked = !isCompletion && packet.translated && shared[packet.origin] === 0;
    let traffic: Traffic = isCompletion ? 'completion' : isMarked ? 'translated' : 'request';
    const claim = isCompletion ? packet.destination : map.find(packet.address);
    // What a bridge takes and nobody answers is routed like something below that bridge.
    const isHole = claim < NOBODY;
    const target = isHole ? -2 - claim : claim;
    let requester = fullId(at(packet.origin), packet.requester);
    let here = packet.origin;
    path?.push({ kind: 'sent', at: here, requester });
    if (!isCompletion && !at(here).busMaster) return stopped(here, 'bus-master-off', requester);
    if (isCompletion && shared[here] === 1) return stopped(here, 'no-completions', requester);

    for (;;) {
      // The bus that the function is on: shared wires, the inside of its device, or that of a switch.
      if (target >= (busFrom[here] as number) && target < (busEnd[here] as number)) {
        if (shared[here] === 1) {
          const to = memberWith(busFrom[here] as number, busTo[here] as number, target);
          if (to >= 0 && to !== here) {
            path?.push({ kind: 'shared-bus', at: here, to });
            const { parent } = at(here);
            return descend(to, target, isHole, requester, parent < 0 ? (busFrom[here] as number) : parent, path);
          }
        } else {
          const to = memberWith(peersFrom[here] as number, peersTo[here] as number, target);
          if (to >= 0 && to !== here && !at(here).isHostBridge && does(to).isReachedByPeers) {
            const way = does(here).toPeers[traffic];
            const place = belowFrom[here] === belowTo[here] ? (peersFrom[here] as number) : here;
            if (way.passes && isOpen(place)) {
              path?.push({ kind: 'to-peer', at: here, to, because: way.because });
              return descend(to, target, isHole, requester, place, path);
            }
            path?.push({ kind: 'redirected', at: here, because: way.because });
          }
        }
      }

      if (target >= 0 && at(target).physicalFunction === here) {
        const way = does(here).toVirtual[traffic];
        if (way.passes && isOpen(here)) {
          path?.push({ kind: 'to-peer', at: here, to: target, because: way.because });
          return arrived(target, requester, here);
        }
      }

      const above = at(here).parent;
      if (above < 0) {
        // The root bus.
        const to = target < 0 || !isOpen(here) ? -1 : otherRootPort(here, target, traffic);
        if (to >= 0) {
          path?.push({ kind: 'root-complex', from: here, to, because: does(here).toRootPorts[traffic].because });
          return descend(to, target, isHole, requester, here, path);
        }
        const sender = at(here).model.sendsThrough;
        if (sender < 0) return atRootComplex(packet, traffic === 'translated', requester, path);
        requester = fullId(at(sender));
        path?.push({ kind: 'sent-for', at: here, by: sender, requester });
        here = sender;
        continue;
      }

      // The bridge above receives it from below.
      const port = does(above);
      if (port.facesDown) {
        const validates = port.validates && !isCompletion;
        if (validates && !isInRange(at(above), requester)) return stopped(above, 'source-validation', requester);
        if (traffic === 'translated' && port.blocksTranslated) return stopped(above, 'translation-blocking', requester);
        path?.push({ kind: 'checked', at: above, requester, validated: validates });
        const isOwn = target === above && !isHole;
        if (isOwn || isBelow(above, target, isHole)) {
          const way = port.turnsBack;
          if (way.passes && isOpen(above)) {
            path?.push({ kind: 'turned-back', at: above, because: way.because });
            if (isOwn) return arrived(above, requester, above);
            return descend(above, target, isHole, requester, above, path);
          }
          path?.push({ kind: 'forwarded-up', at: above, because: way.because });
        }
      } else if (port.ownedId !== undefined) {
        if (isCompletion) return stopped(above, 'no-completions', requester);
        // A conventional bridge does not take up what its own secondary bus is to answer.
        if (isBelow(above, target, isHole)) return stopped(above, 'nobody-claims', requester);
        requester = port.ownedId;
        traffic = 'request';
        path?.push({ kind: 'owned', at: above, requester });
      } else path?.push({ kind: 'up', at: above });
      if (!isCompletion && !at(above).busMaster) return stopped(above, 'bus-master-off', requester);
      here = above;
    }
  }

  /** The root port, other than `from`, that the root complex sends it to without the IOMMU; -1 for none. */
  function otherRootPort(from: number, target: number, traffic: Traffic): number {
    if (!does(from).isRootPort || !does(from).toRootPorts[traffic].passes) return -1;
    const to = memberWith(busFrom[from] as number, busTo[from] as number, target);
    return to >= 0 && to !== from && does(to).isRootPort ? to : -1;
  }

  /** To the interrupt controller, or through the IOMMU to memory or down again to who claims the physical address. */
  function atRootComplex(packet: Packet, isTranslated: boolean, requester: number, path: Hop[] | undefined): Outcome {
    if (packet.kind === 'completion') return stopped(-1, 'unexpected-completion', requester);
    const { address } = packet;
    const isWrite = packet.kind === 'write';
    if (isWrite && address >= doorbell.first && address <= doorbell.last) {
      const isAdmitted = !fabric.interruptsChecked || admitsInterrupt(requester, address);
      return isAdmitted ? { kind: 'interrupt', requester } : stopped(-1, 'interrupt-remapping', requester);
    }
    const physical = translation.translate(requester, address, isWrite, isTranslated);
    path?.push({ kind: 'iommu', requester, address, physical });
    if (physical < 0) return stopped(-1, reasonOf(physical), requester);
    const claim = map.find(physical);
    if (claim === NOBODY) return { kind: 'memory', address: physical, requester };
    if (claim < NOBODY) return stopped(-1, 'nobody-claims', requester);
    let top = claim;
    while (at(top).parent >= 0) top = at(top).parent;
    if (!does(top).routesAfterTranslation) return stopped(-1, 'root-complex-does-not-route', requester);
    return descend(top, claim, false, requester, -1, path);
  }

  /**
   * Down from `from` to who claims it. A completion for what is behind a bridge to conventional PCI carries the id that the
   * bridge put on the request, and the bridge hands its data on.
   *
   * @param place that let it by the IOMMU; -1: it comes from there.
   */
  function descend(
    from: number,
    target: number,
    isHole: boolean,
    requester: number,
    place: number,
    path: Hop[] | undefined,
  ): Outcome {
    if (path !== undefined && from !== target) {
      const way: Hop[] = [];
      for (let i = at(target).parent; i !== from; i = at(i).parent) way.unshift({ kind: 'down', at: i });
      path.push({ kind: 'down', at: from }, ...way);
    }
    return isHole ? stopped(target, 'nobody-claims', requester) : arrived(target, requester, place);
  }

  /** A bridge without registers asks for nothing either: a completion is for nobody there. */
  function arrived(i: number, requester: number, place: number): Outcome {
    const { isBridge, memory } = at(i);
    if (isBridge && memory.length === 0) return stopped(i, 'nobody-claims', requester);
    return { kind: 'function', function: i, requester, past: place < 0 ? 'iommu' : 'peers', place };
  }

  /** The function of a bus, from `from` up to `to`, that is the target or leads to it; -1 for none. */
  function memberWith(from: number, to: number, target: number): number {
    for (let i = target; i >= from; i = at(i).parent) if (i < to) return i;
    return -1;
  }

  function isBelow(bridge: number, target: number, isHole: boolean): boolean {
    const from = belowFrom[bridge] as number;
    return (target >= from && target < (belowTo[bridge] as number)) || (isHole && target === bridge);
  }

  function stopped(i: number, reason: StopReason, requester: number): Outcome {
    return { kind: 'stopped', at: i, reason, requester };
  }
}
