/** @module The kernel's command line. */
import { parseKernelCommandLine } from '../../packages/pci/src/kernel/command-line/parse-kernel-command-line.ts';
import { parseKernelRelease, rulesOf } from '../../packages/pci/src/kernel/series.ts';
import { checkDiagnostics } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';

const LINES = [
  'quiet intel_iommu=on,igfx_off,sm_off iommu=pt intremap=nosid pci=noats,disable_acs_redir=pci:1b36:000c;0000:00:1c.0/00.0',
  'amd_iommu=off pci=config_acs=0x11101@0000:00:12.4;1xx@pci:0:0 pcie_acs_override=downstream,multifunction,id:8086:10d3',
  'ivrs_ioapic=4@00:14.0 ivrs_hpet[0]=00:14.0 ivrs_acpihid=AMDI0020:0@0000:00:14.5 foo="a b" -- intel_iommu=off',
];
const words = ['pci=', 'config_acs=', '@', ';', ',', '"', 'x', 'id:', 'intel_iommu='];

export const commandLine: FuzzTarget = {
  name: 'command-line',
  seeds: () => LINES.map((l) => new TextEncoder().encode(l)),
  dictionary: words.map((w) => new TextEncoder().encode(w)),
  run(bytes) {
    const text = new TextDecoder().decode(bytes);
    checkDiagnostics(parseKernelCommandLine(text).diagnostics, 'proc/cmdline', text.length);
    rulesOf(parseKernelRelease(text, text));
  },
};
