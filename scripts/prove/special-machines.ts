/**
 * @module Machines that chance seldom makes and no capture shows.
 */
import { type IvrsTable, known, type Machine, unknown } from '@isogroups/pci';
import { simulate } from '@isogroups/simulator';

export const SPECIAL_MACHINES: readonly (readonly [name: string, machine: () => Machine])[] = [
  ['functions beyond 7 with ARI', beyondSeven],
  [
    'a host bridge in the slot of root ports',
    () => simulate('vtd; {host, rp[acs=off] -> nic, rp[acs=off] -> nvme}').facts(),
  ],
  ['an alias on another bus in IVRS', () => withAlias(0x0200, 0x0100)],
  ['a physical function with ACS off', () => simulate('vtd; rp[acs=on] -> nic[acs=off vfs=2~on]').facts()],
  ['a physical function with ACS on', () => simulate('vtd; rp[acs=on] -> nic[acs=on vfs=2~on]').facts()],
  ['intremap=off', () => simulate('vtd; linux[intremap=off]; rp[acs=on] -> nic').facts()],
  ['intremap=off, and no log', () => withoutLog('vtd; linux[intremap=off]; rp[acs=on] -> nic')],
  ['DMAR without the flag, and no log', () => withoutLog('vtd[intremap=off]; rp[acs=on] -> nic')],
  ['broken remapping, and no log', () => withoutLog('vtd; host[id=8086:3403]; rp[acs=on] -> nic')],
  ['no table, and no log', () => withoutLog('none; rp[acs=on] -> nic')],
  ['interrupts of which nothing is known', () => withoutLog('vtd; rp[acs=on] -> nic')],
  ['remapping that the kernel failed to enable', () => withLog('Failed to enable irq remapping.  You are vulnerable')],
  ['an ARM machine without ITS', () => onArm({ iort: { kind: 'iort', nodes: [] } })],
  ['an ARM machine with an ITS', () => onArm({ iort: { kind: 'iort', nodes: [ITS] } })],
  ['intremap=off on ARM, which nothing reads', () => onArm({ iort: { kind: 'iort', nodes: [ITS] } }, 'intremap=off')],
  ['a device tree with GICv2m', () => onArm({ deviceTree: { kind: 'device-tree', hostBridges: [BRIDGE] } })],
];

const ITS = { kind: 'its-group', offset: 48, revision: 0, mappings: [], itsIds: [0] } as const;
const BRIDGE = {
  path: '/pcie@10000000',
  segment: 0,
  busFirst: 0,
  busLast: 0xff,
  iommuMap: undefined,
  iommuMapMask: 0xffff,
  msiController: 'arm,gic-v2m-frame',
  atsSupported: false,
} as const;

function withoutLog(description: string): Machine {
  const machine = simulate(description).facts();
  return { ...machine, kernel: { ...machine.kernel, log: unknown('not captured', 'a capture as root') } };
}

function withLog(line: string): Machine {
  const machine = simulate('vtd; rp[acs=on] -> nic').facts();
  return { ...machine, kernel: { ...machine.kernel, log: [line] } };
}

/** Nothing of the machine is translated: only interrupts are in question. */
function onArm(tables: Partial<Machine['firmware']>, commandLine = ''): Machine {
  const machine = withoutLog('none; rp[acs=on] -> nic');
  const firmware = { ...machine.firmware, ...tables };
  return { ...machine, firmware, kernel: { ...machine.kernel, architecture: 'aarch64', commandLine } };
}

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
