/**
 * @module What every answer says of the machine that it is about.
 */
import type { Analysis } from '@isogroups/pci';
import { factData } from './fact-data.ts';

export function machineData({ machine, rules, replay }: Analysis): Record<string, unknown> {
  const { coverage } = replay;
  return {
    source: machine.source.kind,
    label: machine.source.label,
    kernel: factData(machine.kernel.release),
    rules: rules.release.series,
    functions: machine.functions.length,
    iommu: {
      units: coverage.units.map(({ kind, name }) => ({ kind, name })),
      none: coverage.none === undefined ? null : { reason: coverage.none.kind, says: coverage.none.says },
      undecided:
        coverage.undecided === undefined
          ? null
          : { unknown: coverage.undecided.why, decidedBy: coverage.undecided.decidedBy },
    },
    diagnostics: machine.diagnostics.map(({ severity, file, offset, message }) => ({
      severity,
      file,
      offset: offset ?? null,
      message,
    })),
  };
}
