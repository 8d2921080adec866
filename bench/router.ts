/**
 * @module The router: packets a second on one core, beside the simplest thing a reader would write, which looks through all
 * functions at every hop for who claims the address.
 */
import { analyse, NOT_EXPRESS, PORT } from '@isogroups/pci';
import {
  createRouter,
  type Fabric,
  type FabricFunction,
  type Packet,
  type RequestPacket,
  simulate,
  subjectOf,
  type Translation,
} from '@isogroups/simulator';

const HOST = 0x1000_0000_0000;
/** Nothing is mapped: what gets somewhere did so without an IOMMU. */
const CLOSED: Translation = { translate: () => -2 };

const port = (acs: string): string =>
  `rp[acs=${acs}] -> switch(dsp[acs=${acs}] -> {nic, gpu}, dsp -> nvme, dsp[acs=${acs}] -> sata)`;
const MACHINES: readonly (readonly [name: string, text: string])[] = [
  ['8 functions', `vtd; ${port('on')}`],
  ['64 functions', `vtd; ${Array.from({ length: 8 }, (_, k) => port(k % 2 === 0 ? 'on' : 'off')).join('; ')}`],
  ['96 functions, 12 deep', `vtd; ${Array.from({ length: 4 }, () => `rp[acs=on] -> ${deep(5)}`).join('; ')}`],
];

function deep(levels: number): string {
  return levels === 0 ? 'nvme' : `switch(dsp[acs=on] -> ${deep(levels - 1)}, dsp[acs=SV+RR] -> {nic, gpu})`;
}

function packetsFor({ functions }: Fabric, count: number): readonly RequestPacket[] {
  let seed = 20120312;
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const senders = functions.flatMap((f, i) => (f.isBridge ? [] : [i]));
  return Array.from({ length: count }, () => {
    const origin = senders[below(senders.length)] as number;
    const target = functions[below(functions.length)] as FabricFunction;
    const as = below(4) === 0 ? target : (functions[origin] as FabricFunction);
    const address = below(4) === 0 ? HOST : (target.memory[0]?.first ?? HOST);
    return { kind: 'read', origin, requester: (as.bus << 8) | as.devfn, address, translated: below(4) === 0 };
  });
}

const BIT = { SV: 1, TB: 2, RR: 4, UF: 16, EC: 32, DT: 64 } as const;

/** Index of the function where it ends, -1 for everywhere else. PCI Express ports and endpoints only. */
function naiveRoute({ functions }: Fabric, packet: RequestPacket): number {
  const claims = (f: FabricFunction): boolean =>
    f.memory.some((m) => packet.address >= m.first && packet.address <= m.last);
  const leads = (f: FabricFunction): boolean =>
    f.windows.some((w) => packet.address >= w.first && packet.address <= w.last);
  const isOn = (f: FabricFunction, bit: number): boolean => ((f.acs?.control ?? 0) & bit) !== 0;
  const down = (to: FabricFunction): number => {
    if (claims(to)) return functions.indexOf(to);
    const next = functions.find((f) => f.parent === functions.indexOf(to) && (claims(f) || leads(f)));
    return next === undefined ? -1 : down(next);
  };
  let here = functions[packet.origin] as FabricFunction;
  for (;;) {
    const { parent, bus, devfn, segment } = here;
    const above = functions[parent];
    const peers = functions.filter(
      (f) =>
        f !== here &&
        f.parent === parent &&
        f.bus === bus &&
        f.segment === segment &&
        (above?.type === PORT.upstream || f.devfn >> 3 === devfn >> 3),
    );
    const peer = peers.find((f) => claims(f) || leads(f));
    const isPort = here.type === PORT.root || here.type === PORT.downstream;
    if (peer !== undefined && (isPort || here.multifunction || here.type === NOT_EXPRESS)) {
      const translated = packet.translated && isOn(here, BIT.DT) && !isOn(here, BIT.TB);
      if (here.acs === undefined || !isOn(here, BIT.RR) || isOn(here, BIT.EC) || translated) return down(peer);
    }
    if (above === undefined) {
      const other = functions.find(
        (f) => f !== here && f.parent < 0 && f.bus === bus && f.type === PORT.root && (claims(f) || leads(f)),
      );
      return other !== undefined && here.type === PORT.root && here.acs !== undefined && !isOn(here, BIT.RR)
        ? down(other)
        : -1;
    }
    if (above.type !== PORT.upstream) {
      const from = packet.requester >> 8;
      if (isOn(above, BIT.SV) && (from < above.secondary || from > above.subordinate)) return -1;
      if (packet.translated && isOn(above, BIT.TB)) return -1;
      if ((claims(above) || leads(above)) && !isOn(above, BIT.UF)) return down(above);
    }
    here = above;
  }
}

/** Millions of packets a second of processor time, the best of the rounds: other work on the computer does not count. */
function rate(packets: readonly Packet[], rounds: number, repeats: number, send: (packet: Packet) => unknown): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) for (const packet of packets) send(packet);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (packets.length * repeats) / (user + system));
  }
  return best;
}

export function router(quick: boolean): void {
  const rounds = quick ? 3 : 10;
  console.log('router                   million packets/s  looking through all functions  times');
  for (const [name, text] of MACHINES) {
    const { fabric } = subjectOf(analyse(simulate(text).facts()));
    const packets = packetsFor(fabric, 4096);
    const ours = createRouter(fabric, CLOSED);
    for (const packet of packets) {
      const outcome = ours.route(packet);
      const end = outcome.kind === 'function' ? outcome.function : -1;
      if (end !== naiveRoute(fabric, packet)) throw new Error(`the two routers differ: ${JSON.stringify(packet)}`);
    }
    const fast = rate(packets, rounds, quick ? 50 : 200, (packet) => ours.route(packet));
    const slow = rate(packets, rounds, quick ? 1 : 4, (packet) => naiveRoute(fabric, packet as RequestPacket));
    console.log(
      `${name.padEnd(24)} ${fast.toFixed(1).padStart(17)}  ${slow.toFixed(2).padStart(29)}  ${(fast / slow).toFixed(0).padStart(5)}`,
    );
  }
}
