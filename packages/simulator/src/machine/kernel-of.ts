/**
 * @module The Linux that runs on a described machine, as far as its files tell of it.
 */
import { type KernelFacts, type Unknown, unknown } from '@isogroups/pci';
import type { Description } from '../language/description.ts';
import type { LiveFunction } from './live-device.ts';
import { allRoots, busName, type LiveRoot, treeOrder } from './tree-order.ts';

/** A kernel with the rules of today, where a description names none. */
const DEFAULT_RELEASE = '6.12.48';

const COMPUTED_LATER: Unknown = unknown(
  'the groups of a simulated machine are worked out when its facts are asked for',
  'facts() of the machine',
);

/** `units`: how many the firmware's table has. Groups are left out: they are computed when somebody asks. */
export function kernelOf(description: Description, roots: readonly LiveRoot[], units: number): KernelFacts {
  const { iommu, linux } = description;
  const release = linux.release ?? DEFAULT_RELEASE;
  const version = `Linux version ${release} (simulated)`;
  const commandLine = [...iommuWords(description), ...linux.words].join(' ');
  const log = [
    version,
    `Command line: ${commandLine}`,
    'BIOS-e820: [mem 0x0000000000000000-0x000000007fffffff] usable',
    ...roots.map((root) => `PCI host bridge to bus ${busName(root)}`),
    ...(iommu.interruptRemapping && !linux.words.some(refusesRemapping) ? [REMAPPING[iommu.kind]] : []),
    ...domainLines(roots),
  ];
  const running = iommu.off || iommu.kind === 'none' ? 0 : units;
  const prefix = iommu.kind === 'vtd' ? 'dmar' : 'ivhd';
  return {
    release,
    version,
    commandLine,
    log: Object.freeze(log.map((line, i) => `[    0.${String(i).padStart(6, '0')}] ${line}`)),
    architecture: 'x86_64',
    groups: COMPUTED_LATER,
    iommuUnits: Object.freeze(Array.from({ length: running }, (_, i) => `${prefix}${i}`)),
  };
}

const REMAPPING: Readonly<Record<Description['iommu']['kind'], string>> = Object.freeze({
  vtd: 'DMAR-IR: Enabled IRQ remapping in x2apic mode',
  amdvi: 'AMD-Vi: Interrupt remapping enabled',
  none: '',
});

const refusesRemapping = (word: string): boolean => /^(nointremap|intremap=(.*,)?off)/.test(word);

function iommuWords({ iommu }: Description): readonly string[] {
  if (iommu.kind === 'vtd') return [`intel_iommu=${iommu.off ? 'off' : 'on'}`];
  return iommu.kind === 'amdvi' && iommu.off ? ['amd_iommu=off'] : [];
}

function domainLines(roots: readonly LiveRoot[]): readonly string[] {
  const vmds = treeOrder(roots).filter((f: LiveFunction) => f.leadsTo === 'root' && f.below.length > 0);
  const domains = allRoots(roots).slice(roots.length);
  return domains.map((root, i) => `vmd ${vmds[i]?.name}: PCI host bridge to bus ${busName(root)}`);
}
