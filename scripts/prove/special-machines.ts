/**
 * @module Machines that chance seldom makes and no capture shows.
 */
import { type IvrsTable, known, type Machine } from '@isogroups/pci';
import { simulate } from '@isogroups/simulator';

export const SPECIAL_MACHINES: readonly (readonly [name: string, machine: () => Machine])[] = [
  ['functions beyond 7 with ARI', beyondSeven],
  [
    'a host bridge in the slot of root ports',
    () => simulate('vtd; {host, rp[acs=off] -> nic, rp[acs=off] -> nvme}').facts(),
  ],
  ['an alias on another bus in IVRS', () => withAlias(0x0200, 0x0100)],
];

/** The second function of a device is its ninth, in the place of device 1. */
function beyondSeven(): Machine {
  const machine = simulate('vtd; rp[acs=on ari] -> {nic, nic}').facts();
  return { ...machine, functions: machine.functions.map((f) => (f.devfn === 1 ? { ...f, devfn: 8 } : f)) };
}

/** The firmware says that a device sends as another one, which is there. */
function withAlias(id: number, alias: number): Machine {
  const machine = simulate('amdvi; rp[acs=RR+CR+UF/SV+RR+CR+UF] -> nic; rp[acs=RR+CR+UF/SV+RR+CR+UF] -> nvme').facts();
  const ivrs = known(machine.firmware.ivrs) as IvrsTable;
  const entry = { kind: 'range', offset: 0, first: id, last: id, flags: 0, extendedFlags: 0, alias } as const;
  const ivhds = ivrs.ivhds.map((block) => ({ ...block, entries: [...block.entries, entry] }));
  return { ...machine, firmware: { ...machine.firmware, ivrs: { ...ivrs, ivhds } } };
}
