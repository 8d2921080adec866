/**
 * @module What lspci says of the host's side: driver, group, NUMA node, name.
 */
import { type HostFacts, unknown } from '@isogroups/pci';
import { isVerbose } from './capability-facts.ts';
import type { DeviceBlock } from './device-block.ts';

/** What some device of the text has: then this lspci prints it, and who lacks it has none. */
export interface PrintedSomewhere {
  readonly group: boolean;
  readonly numaNode: boolean;
  readonly driver: boolean;
}

export function printedSomewhere(blocks: readonly DeviceBlock[]): PrintedSomewhere {
  return {
    group: blocks.some((b) => groupOf(b) !== undefined),
    numaNode: blocks.some((b) => numaNodeOf(b) !== undefined),
    driver: blocks.some((b) => b.properties.has('Kernel driver in use')),
  };
}

/** `description`: the name as the heading prints it. */
export function hostFacts(block: DeviceBlock, printed: PrintedSomewhere, description: string | undefined): HostFacts {
  // What is missing is absent only where the list that it would be in is whole.
  const whole = !block.elided && !block.unfinished;
  const wholeList = whole && isVerbose(block);
  const driver = block.properties.get('Kernel driver in use');
  return Object.freeze({
    path: undefined,
    driver: driverOf(block) ?? (printed.driver && whole && driver === undefined ? null : NO_DRIVER),
    driverOverride: NOT_IN_TEXT,
    group: groupOf(block) ?? (printed.group && wholeList ? null : NO_GROUP),
    iommu: NOT_IN_TEXT,
    // Versions that print groups print nodes as well.
    numaNode: numaNodeOf(block) ?? ((printed.numaNode || printed.group) && wholeList ? null : NO_NODE),
    resetMethods: NOT_IN_TEXT,
    bootVga: NOT_IN_TEXT,
    description,
  });
}

const NOT_IN_TEXT = unknown('lspci does not print it', 'a snapshot of the machine (isogroups capture)');
const NO_DRIVER = unknown('the text names no driver', 'run lspci with -k');
const NO_GROUP = unknown('the text has no IOMMU group lines', 'run lspci 3.7 or newer with -v');
const NO_NODE = unknown('the text has no NUMA node lines', 'run lspci with -v');

function driverOf(block: DeviceBlock): string | undefined {
  const record = block.properties.get('Kernel driver in use');
  return record === undefined || record.cut || record.squeezed === '' ? undefined : record.squeezed;
}

/** A line of its own with `-vv`, in the flags with `-v`, or the loop's own. */
export function groupOf(block: DeviceBlock): number | undefined {
  return (
    wholeNumber(/^(\d{1,6})$/, block.properties.get('IOMMU group')?.squeezed) ??
    wholeNumber(/,IOMMUgroup(\d{1,6})(?:,|$)/, block.properties.get('Flags')?.squeezed) ??
    block.listedGroup
  );
}

function numaNodeOf(block: DeviceBlock): number | undefined {
  return (
    wholeNumber(/^(\d{1,6})$/, block.properties.get('NUMA node')?.squeezed) ??
    wholeNumber(/,NUMAnode(\d{1,6})(?:,|$)/, block.properties.get('Flags')?.squeezed)
  );
}

function wholeNumber(pattern: RegExp, text: string | undefined): number | undefined {
  const digits = pattern.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 10);
}
