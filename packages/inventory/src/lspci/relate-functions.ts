/**
 * @module How the devices of a text hang together: the bridge above, the physical function, the VMD endpoint.
 */
import { type Diagnostic, diagnostic, isUnknown, type LooseFunction, PORT } from '@isogroups/pci';
import type { PlacedFunction } from './addresses.ts';
import { busBridges } from './bus-bridges.ts';
import { namedVirtual, physicalFunctions } from './physical-functions.ts';
import { FIRST_VMD_SEGMENT, isVmdEndpoint } from './vmd.ts';

export interface RelatedFunctions {
  readonly functions: readonly LooseFunction[];
  readonly diagnostics: readonly Diagnostic[];
}

export function relateFunctions(placed: readonly PlacedFunction[], label: string): RelatedFunctions {
  const owners = physicalFunctions(placed);
  const bridges = busBridges(placed);
  const diagnostics: Diagnostic[] = [];
  const tell = (p: PlacedFunction, message: string): void => {
    diagnostics.push(
      diagnostic('warning', `${label}, line ${p.described.block.heading.line}`, `${p.name}: ${message}`),
    );
  };
  const orphans = new Orphans(placed);
  const guessed = new Set<string>();

  const parentOf = (p: PlacedFunction): string | null => {
    const owner = owners.get(p.name);
    // A VF is on the bus of its PF, or on one that exists in name only: the bridge above is the PF's.
    const onBus = owner ?? p;
    if (onBus.bridgeInPath !== undefined) return onBus.bridgeInPath;
    const above = bridges(onBus.address.segment, onBus.address.bus);
    if (above === undefined) {
      orphans.add(onBus);
      return null;
    }
    const bus = `${onBus.address.segment}:${onBus.address.bus}`;
    if (!above.direct && !namedVirtual(p) && !guessed.has(bus)) {
      guessed.add(bus);
      tell(p, `no listed bridge leads to its bus; taken as directly below ${above.bridge.name}, whose range it is in`);
    }
    return above.bridge.name;
  };

  const endpoints = placed.filter((p) => {
    const { vendor, device } = p.described.facts;
    return p.address.segment < FIRST_VMD_SEGMENT && isVmdEndpoint(vendor, device, p.described.heading.squeezedName);
  });
  const untold = new Set<number>();
  const dmaDeviceOf = (p: PlacedFunction): string | null => {
    const { segment } = p.address;
    if (segment < FIRST_VMD_SEGMENT) return null;
    if (endpoints.length === 1) return (endpoints[0] as PlacedFunction).name;
    if (!untold.has(segment)) {
      const which = endpoints.length === 0 ? 'no VMD endpoint is listed' : 'there are several VMD endpoints';
      tell(p, `in a domain behind VMD, but ${which}: whose requester id its requests carry is not known`);
      untold.add(segment);
    }
    return null;
  };

  const functions = placed.map((p): LooseFunction => {
    const owner = owners.get(p.name);
    if (owner === undefined && namedVirtual(p)) {
      tell(p, 'a virtual function by its name, but no SR-IOV capability in the text accounts for it');
    }
    return {
      ...p.address,
      ...p.described.facts,
      parentAddress: parentOf(p),
      physicalFunctionAddress: owner?.name ?? null,
      dmaDeviceAddress: dmaDeviceOf(p),
    };
  });
  const tellOf = (busses: readonly string[], message: (busses: string) => string): void => {
    if (busses.length === 0) return;
    const some = busses.length > 8 ? `${busses.slice(0, 8).join(', ')}, …` : busses.join(', ');
    diagnostics.push(diagnostic('warning', label, `${message(some)}; taken as on a root bus`));
  };
  tellOf(orphans.untold(), (bus) => `which bridge is above bus ${bus} the text does not tell (lspci -v does)`);
  tellOf(
    orphans.cutOff(),
    (bus) => `the bridge above bus ${bus} is not in the text, which is not of the whole machine`,
  );
  return { functions, diagnostics };
}

/** Functions that seem to be on a root bus, though a bridge may be above, or has to be. */
class Orphans {
  /** Segments that have a bridge whose bus numbers the text does not tell. */
  readonly #doubtful: Set<number>;
  readonly #untold = new Set<string>();
  readonly #cutOff = new Set<string>();

  constructor(placed: readonly PlacedFunction[]) {
    const unnumbered = placed.filter((p) => isUnknown(p.described.facts.bridge));
    this.#doubtful = new Set(unnumbered.map((p) => p.address.segment));
  }

  add({ address, name, described }: PlacedFunction): void {
    // Bus 0 is never below a bridge.
    if (address.bus === 0) return;
    const bus = name.slice(0, name.lastIndexOf(':'));
    if (this.#doubtful.has(address.segment)) this.#untold.add(bus);
    else if (standsBelowPort(described.facts)) this.#cutOff.add(bus);
  }

  untold(): readonly string[] {
    return [...this.#untold];
  }

  cutOff(): readonly string[] {
    return [...this.#cutOff];
  }
}

/** What is no root port and not integrated into the root complex has a port above it (PCIe 6.0, 7.5.3.2). */
function standsBelowPort({ express }: Pick<LooseFunction, 'express'>): boolean {
  return !isUnknown(express) && express !== null && BELOW_A_PORT.has(express.type);
}

const BELOW_A_PORT: ReadonlySet<number> = new Set([
  PORT.endpoint,
  PORT.legacyEndpoint,
  PORT.upstream,
  PORT.downstream,
  PORT.expressToPci,
]);
