/**
 * @module The router of a simulated machine: registers, addresses and bus mastering as they are when a packet is sent.
 */
import { analyse } from '@isogroups/pci';
import { type AddressRange, forwardedRanges, memoryRanges } from '../devices/address-ranges.ts';
import type { InterruptController } from '../iommu/interrupts.ts';
import type { SimulatedFunction } from '../machine/simulated-device.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';
import type { Fabric, FabricFunction, Range } from './fabric.ts';
import { fabricOfMachine } from './fabric-of-machine.ts';
import { createRouter, type Router } from './router.ts';
import type { Translation } from './translation.ts';

/**
 * Unlike the model of a proof, nothing is made up here: what has no address is reached by nobody, and what may not master
 * the bus sends nothing. Packets name functions by their index in `machine.functions`.
 *
 * @param translation `createIommus(machine).translation`, or one of your own.
 * @param interrupts `createIommus(machine).interrupts`: decides what passes where interrupts are checked. Without it nobody
 * is granted any.
 */
export function createMachineRouter(
  machine: SimulatedMachine,
  translation: Translation,
  interrupts?: InterruptController,
): Router {
  const admits = (requester: number, address: number): boolean =>
    interrupts?.write(requester, { address, data: 0 }).kind === 'delivered';
  let generation = machine.generation;
  let router = createRouter(fabricOf(machine), translation, admits);
  const now = (): Router => {
    if (generation !== machine.generation) {
      generation = machine.generation;
      router = createRouter(fabricOf(machine), translation, admits);
    }
    return router;
  };
  return {
    get fabric() {
      return now().fabric;
    },
    route: (packet, path) => now().route(packet, path),
  };
}

function fabricOf(simulated: SimulatedMachine): Fabric {
  const { machine, input } = analyse(simulated.facts());
  const fabric = fabricOfMachine(machine, input.acsContext);
  const functions = fabric.functions.map((f, i) => withLiveRegisters(f, simulated.functions[i] as SimulatedFunction));
  return Object.freeze({ ...fabric, functions });
}

const COMMAND = 0x04;
const BUS_MASTER_ENABLE = 0x04;

function withLiveRegisters(f: FabricFunction, live: SimulatedFunction): FabricFunction {
  return Object.freeze({
    ...f,
    busMaster: ((live.config[COMMAND] ?? 0) & BUS_MASTER_ENABLE) !== 0,
    memory: memoryRanges(live).map(rangeOf),
    windows: (forwardedRanges(live) ?? []).map(rangeOf),
  });
}

const rangeOf = ({ base, size }: AddressRange): Range => ({ first: base, last: base + size - 1 });
