/**
 * @module What the kernel would refuse about a claim, found before anything is written.
 */
import { spansHold } from '@isogroups/core';
import type { MachineTree } from '@isogroups/inventory';
import { type Analysis, isUnknown, type KernelGroup, known } from '@isogroups/pci';
import { textAt } from '../files.ts';
import { isDeniedModel } from './denied-models.ts';
import { DIRECT_REGION_FIX, directRegionSentence } from './direct-regions.ts';
import type { KernelRefusal } from './kernel-refusal.ts';
import { memberVerdict } from './member-verdict.ts';
import { ALLOW_UNSAFE_INTERRUPTS, unsafeInterruptsAllowed } from './unsafe-interrupts.ts';
import { modulePresence } from './vfio-modules.ts';

/**
 * The kernel's own conditions; whether a policy admits the claim is another question, and so is that all of a group moves:
 * here counts what stays behind in the groups.
 *
 * @param tree the machine of the analysis, for what the analysis does not keep: parameters and lists of modules
 * @param moving parties of the graph that will be bound to a driver of VFIO or are so already
 * @param leaving parties that will be there no more (virtual functions of one that moves): they keep no group
 */
export function findRefusals(
  analysis: Analysis,
  tree: MachineTree,
  moving: readonly number[],
  leaving: readonly number[] = [],
): readonly KernelRefusal[] {
  const { parties } = analysis.graph;
  const names = new Set(moving.map((p) => parties.nameOf(p)));
  const away = new Set([...moving, ...leaving].map((p) => parties.nameOf(p)));
  const groups = (known(analysis.machine.kernel.groups) ?? []).filter((g) => g.members.some((m) => names.has(m)));
  return Object.freeze([
    ...moving.flatMap((p) => withoutGroup(analysis, p)),
    ...groups.flatMap((group) => notViable(analysis, group, away)),
    ...groups.flatMap((group) => directRegions(analysis, group)),
    ...forgeable(analysis, tree, moving),
    ...moving.flatMap((p) => notTaken(analysis, tree, p)),
    ...missingModule(analysis, tree),
  ]);
}

/** Where the source tells no groups, the replay of the kernel's rules has to do. */
function withoutGroup({ machine, graph, replay }: Analysis, party: number): readonly KernelRefusal[] {
  const { groups } = machine.kernel;
  const device = graph.parties.nameOf(party);
  if (isUnknown(groups) ? (replay.groupOf[party] ?? -1) >= 0 : groups.some((g) => g.members.includes(device)))
    return [];
  const says = `${device} is in no kernel group: no IOMMU translates what it sends, and VFIO does not take it`;
  const fix =
    'switch the IOMMU on: VT-d or AMD-Vi in the firmware setup, and intel_iommu=on on the command line of the kernel';
  return [{ kind: 'no-kernel-group', device, certain: !isUnknown(groups), says, fix }];
}

function notViable(analysis: Analysis, group: KernelGroup, away: ReadonlySet<string>): readonly KernelRefusal[] {
  const { parties } = analysis.graph;
  return group.members.flatMap((device): readonly KernelRefusal[] => {
    if (away.has(device)) return [];
    const party = partyOf(parties, device);
    const { driver, blocks, because } = memberVerdict(analysis, party);
    if (blocks === 'no') return [];
    return [
      {
        kind: 'group-not-viable',
        device,
        certain: blocks === 'yes',
        says: `${device} stays in kernel group ${group.id} and ${because}: VFIO does not take the group`,
        fix: parties.isBridge(party)
          ? `unbind ${device} from ${isUnknown(driver) ? 'its driver' : driver}: bridges work without one`
          : `take ${device} along, or unbind it`,
      },
    ];
  });
}

function partyOf(parties: Analysis['graph']['parties'], name: string): number {
  for (let p = 0; p < parties.count; p++) if (parties.nameOf(p) === name) return p;
  return -1;
}

function directRegions({ machine, rules }: Analysis, group: KernelGroup): readonly KernelRefusal[] {
  const says = directRegionSentence(machine, rules, group);
  return says === undefined ? [] : [{ kind: 'direct-region', certain: true, says, fix: DIRECT_REGION_FIX }];
}

/** One refusal, whichever device it is: the parameter is one for all. */
function forgeable(analysis: Analysis, tree: MachineTree, moving: readonly number[]): readonly KernelRefusal[] {
  const { graph, machine } = analysis;
  if (unsafeInterruptsAllowed(tree, machine)) return [];
  const edge = graph.interferences.find(
    (one) => one.kind === 'interrupts' && moving.some((p) => spansHold(one.actors, p)),
  );
  if (edge === undefined) return [];
  const party = moving.find((p) => spansHold(edge.actors, p)) as number;
  const certain = edge.undecided === undefined;
  return [
    {
      kind: 'interrupts',
      device: graph.parties.nameOf(party),
      certain,
      says: `${graph.parties.nameOf(party)} ${certain ? 'could' : 'perhaps could'} forge interrupts, which are not remapped, and VFIO refuses that until it is told otherwise`,
      fix: `switch interrupt remapping on in the firmware setup, or accept the risk: ${ALLOW_UNSAFE_INTERRUPTS}`,
    },
  ];
}

function notTaken({ machine, rules, graph }: Analysis, tree: MachineTree, party: number): readonly KernelRefusal[] {
  const f = machine.functions[party];
  if (f === undefined) return [];
  const device = graph.parties.nameOf(party);
  const headerType = known(f.headerType);
  if (headerType !== undefined && headerType !== 0) {
    const says = `${device} has a header of type ${headerType}, and vfio-pci takes only endpoints (type 0)`;
    return [{ kind: 'header-type', device, certain: true, says, fix: 'name an endpoint behind it' }];
  }
  const allowed = textAt(tree, 'sys/module/vfio_pci/parameters/disable_denylist') === 'Y';
  if (allowed || !isDeniedModel(f, rules.release)) return [];
  const says = `${device} is of a model that vfio-pci refuses, because it cannot be kept from harming the host`;
  const fix = 'if every user of it is trusted: options vfio-pci disable_denylist=1 in /etc/modprobe.d';
  return [{ kind: 'denied-model', device, certain: true, says, fix }];
}

function missingModule({ machine }: Analysis, tree: MachineTree): readonly KernelRefusal[] {
  const release = known(machine.kernel.release);
  const has = (name: string): boolean => modulePresence(tree, release, name) !== 'absent';
  const absent = !has('vfio-pci')
    ? 'vfio-pci'
    : !has('vfio_iommu_type1') && !has('iommufd')
      ? 'vfio_iommu_type1'
      : undefined;
  if (absent === undefined) return [];
  const says = `the running kernel (${release}) has no module ${absent}, neither built in nor to be loaded`;
  const fix =
    'install the package with the other modules of this kernel (linux-modules-extra, kernel-modules-extra), or another kernel';
  return [{ kind: 'no-vfio-module', certain: true, says, fix }];
}
