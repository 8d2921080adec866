/**
 * @module The answer of `simulate` as data.
 */
import { acsBitNames, formatAddress, known, type Machine } from '@isogroups/pci';
import type { SimulatedMachine } from '@isogroups/simulator';

export interface SimulateData {
  readonly kind: 'simulate';
  /** null: no snapshot was asked for. */
  readonly file: string | null;
  readonly kernel: string;
  readonly functions: readonly SimulatedFunctionData[];
  readonly softwareDevices: readonly { readonly name: string; readonly bus: string; readonly parent: string }[];
  readonly problems: readonly string[];
}

export interface SimulatedFunctionData {
  readonly device: string;
  /** What the description calls it. */
  readonly label: string;
  readonly parent: string | null;
  readonly driver: string | null;
  readonly kernelGroup: number | null;
  /** Bits that are on, of those that are implemented; null: no such capability. */
  readonly acs: { readonly on: readonly string[]; readonly implemented: readonly string[] } | null;
}

export function simulateData(machine: SimulatedMachine, file: string | undefined): SimulateData {
  const facts = machine.facts();
  return {
    kind: 'simulate',
    file: file ?? null,
    kernel: known(facts.kernel.release) ?? '',
    functions: machine.functions.map((f, i) => ({
      device: f.name,
      label: f.label,
      parent: f.parent?.name ?? null,
      driver: f.driver?.name ?? null,
      ...fromFacts(facts.functions[i] as Machine['functions'][number]),
    })),
    softwareDevices: facts.others.map(({ name, subsystem, parent }) => ({
      name,
      bus: subsystem ?? '',
      parent: formatAddress(facts.functions[parent] as Machine['functions'][number]),
    })),
    problems: machine.diagnostics.map((d) => `${d.file}: ${d.message}`),
  };
}

function fromFacts({ acs, host }: Machine['functions'][number]): Pick<SimulatedFunctionData, 'acs' | 'kernelGroup'> {
  const found = known(acs) ?? null;
  return {
    kernelGroup: known(host.group) ?? null,
    acs:
      found === null
        ? null
        : { on: acsBitNames(known(found.control) ?? 0), implemented: acsBitNames(known(found.capability) ?? 0) },
  };
}
