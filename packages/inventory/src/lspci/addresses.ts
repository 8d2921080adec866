/**
 * @module Address of each device of a text, and with `-P` and `-PP` the bridge that its path names.
 */
import { type Diagnostic, diagnostic, formatAddress, isUnknown, type PciAddress } from '@isogroups/pci';
import type { DescribedFunction } from './function-facts.ts';
import type { SlotName } from './slot-name.ts';

export interface PlacedFunction {
  readonly described: DescribedFunction;
  readonly address: PciAddress;
  /** `0000:00:1c.0` */
  readonly name: string;
  /** Name of the bridge above as the path has it; undefined where no path is printed. */
  readonly bridgeInPath: string | undefined;
}

export interface PlacedFunctions {
  readonly placed: readonly PlacedFunction[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A device whose bus cannot be found (`-P` leaves it out) is told and left out. */
export function placeFunctions(described: readonly DescribedFunction[], label: string): PlacedFunctions {
  const placed: PlacedFunction[] = [];
  const diagnostics: Diagnostic[] = [];
  /** What was placed so far, by the text of its path: lspci lists bridges before what is below them. */
  const byPath = new Map<string, PlacedFunction>();
  for (const d of described) {
    const { slot, heading } = d.block;
    const above = slot.steps.length > 1 ? byPath.get(slot.text.slice(0, slot.text.lastIndexOf('/'))) : undefined;
    const address = addressOf(slot, above);
    if (address === undefined) {
      diagnostics.push(
        diagnostic(
          'error',
          `${label}, line ${heading.line}`,
          `${slot.text}: the bus is not in the text; left out. ${PATHS}`,
        ),
      );
      continue;
    }
    const function_ = { described: d, address, name: formatAddress(address), bridgeInPath: bridgeIn(slot, above) };
    placed.push(function_);
    byPath.set(slot.text, function_);
  }
  return { placed, diagnostics };
}

const PATHS = 'Run lspci with -PP instead of -P, or without';

function addressOf(slot: SlotName, above: PlacedFunction | undefined): PciAddress | undefined {
  const step = slot.steps.at(-1);
  if (step === undefined) return undefined;
  if (step.bus !== undefined) return { segment: slot.segment, bus: step.bus, devfn: step.devfn };
  const bridge = above?.described.facts.bridge;
  if (bridge === undefined || bridge === null || isUnknown(bridge)) return undefined;
  return { segment: slot.segment, bus: bridge.secondary, devfn: step.devfn };
}

function bridgeIn(slot: SlotName, above: PlacedFunction | undefined): string | undefined {
  if (above !== undefined) return above.name;
  const step = slot.steps.at(-2);
  if (step?.bus === undefined) return undefined;
  return formatAddress({ segment: slot.segment, bus: step.bus, devfn: step.devfn });
}
