/**
 * @module All facts of a simulated machine as it is now.
 */
import {
  assembleMachine,
  type Diagnostic,
  isUnknown,
  type KernelFacts,
  type LooseFunction,
  type Machine,
} from '@isogroups/pci';
import { factsOfFunction, type LinuxFacts, NOT_ASKED } from './function-facts.ts';
import { linuxView } from './linux-view.ts';
import type { LiveFunction } from './live-device.ts';
import type { CapturedOther, MachineState } from './machine-state.ts';
import { allRoots, treeOrder } from './tree-order.ts';

export function machineFacts(state: MachineState): Machine {
  if (state.groupsAreCaptured) return assembled(state, () => NOT_ASKED, state.kernel);
  const bare: LinuxFacts = { group: null, iommu: null };
  const view = linuxView(assembled(state, () => bare, state.kernel));
  return assembled(state, (f) => view.of(f.name), { ...state.kernel, groups: view.groups });
}

function assembled(state: MachineState, linux: (f: LiveFunction) => LinuxFacts, kernel: KernelFacts): Machine {
  const diagnostics: Diagnostic[] = [...state.diagnostics];
  const present = treeOrder(state.roots);
  const functions: LooseFunction[] = present.map((f) =>
    // What is wrong with captured registers has been told when they were read.
    factsOfFunction(f, linux(f), (found) => f.captured === undefined && diagnostics.push(...found)),
  );
  return assembleMachine({
    source: state.source,
    functions,
    rootBuses: state.rootBusOrderKnown
      ? allRoots(state.roots).map(({ segment, bus }) => ({ segment, bus }))
      : undefined,
    others: others(state, present),
    firmware: state.firmware,
    kernel: Object.freeze(kernel),
    diagnostics,
  });
}

function others(state: MachineState, present: readonly LiveFunction[]): readonly CapturedOther[] {
  const names = new Set(present.map((f) => f.name));
  const captured = state.others.filter(({ parentAddress }) => parentAddress === null || names.has(parentAddress));
  const software = present.flatMap((f) =>
    f.software.map(
      (s): CapturedOther => ({
        name: s.name,
        subsystem: s.captured === undefined ? s.bus : s.captured.subsystem,
        parentAddress: f.name,
        driver: s.driver?.name ?? (isUnknown(s.captured?.driver) ? s.captured.driver : null),
        group: s.captured?.group ?? null,
      }),
    ),
  );
  return [...captured, ...software];
}
