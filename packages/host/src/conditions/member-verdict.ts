/**
 * @module The driver of a party of the graph, and whether it keeps VFIO from taking the party's group.
 */
import type { Analysis, Fact } from '@isogroups/pci';
import { type DriverVerdict, driverVerdict, viabilityRule } from './viability.ts';

export interface MemberVerdict extends DriverVerdict {
  readonly driver: Fact<string | null>;
}

export function memberVerdict({ machine, rules }: Analysis, party: number): MemberVerdict {
  const f = machine.functions[party];
  const driver = f === undefined ? (machine.others[party - machine.functions.length]?.driver ?? null) : f.host.driver;
  return { driver, ...driverVerdict(driver, f?.headerType, viabilityRule(rules.release)) };
}
