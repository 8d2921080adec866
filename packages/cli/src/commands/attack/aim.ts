/**
 * @module What a packet is aimed at: a device, memory of the host or of a group, the doorbell, or an address.
 */
import { groupName, type Partition } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { HOST_PAGE, type ProvingGround, pageOfDomain, SHARED_ADDRESS } from '@isogroups/simulator';
import { UsageError } from '../../command.ts';
import { resolveTarget } from '../../targets.ts';

export type Aim =
  | { readonly kind: 'device'; readonly party: number; readonly address: number }
  | { readonly kind: 'host-memory'; readonly address: number }
  | { readonly kind: 'group-memory'; readonly group: number; readonly address: number }
  | { readonly kind: 'doorbell'; readonly address: number }
  | { readonly kind: 'address'; readonly address: number };

/**
 * `memory`, `memory of <device or group>`, `doorbell`, `0x…`, or a device.
 *
 * @param passes whether the attacker's requests pass the units as they are: then memory is where it really is.
 * @throws UsageError
 */
export function parseAim(
  analysis: Analysis,
  groups: Partition,
  ground: ProvingGround,
  text: string,
  passes: boolean,
): Aim {
  const wanted = text.trim();
  if (wanted === 'memory') return { kind: 'host-memory', address: HOST_PAGE };
  if (wanted === 'doorbell') return { kind: 'doorbell', address: ground.subject.fabric.doorbell.first };
  const of = /^memory of (.+)$/.exec(wanted)?.[1];
  if (of !== undefined) {
    const group = groupOf(analysis, groups, of);
    return { kind: 'group-memory', group, address: passes ? pageOfDomain(group) : SHARED_ADDRESS };
  }
  if (/^0x[0-9a-f]+$/i.test(wanted)) {
    const address = Number(wanted);
    if (!Number.isSafeInteger(address)) throw new UsageError(`${wanted} is beyond what can be addressed: 2^53`);
    return { kind: 'address', address };
  }
  const target = resolveTarget(analysis, groups, wanted);
  if (target.kind !== 'device') throw new UsageError(`"${wanted}" is a group: name a device, or "memory of ${wanted}"`);
  const claimed = ground.subject.fabric.functions[target.party]?.memory[0]?.first;
  if (claimed === undefined) throw new UsageError(`${wanted} is no PCI function: it has no registers to be reached`);
  return { kind: 'device', party: target.party, address: claimed };
}

function groupOf(analysis: Analysis, groups: Partition, text: string): number {
  const target = resolveTarget(analysis, groups, text);
  if (target.kind === 'group') return target.group;
  const parties = target.kind === 'device' ? [target.party] : target.parties;
  const found = new Set(parties.map((p) => groups.groupOf[p] as number));
  if (found.size === 1) return [...found][0] as number;
  const names = [...found].map((g) => groupName(groups, g));
  throw new UsageError(`group ${text} of the kernel is several groups here: name one of ${names.join(', ')}`);
}
