import { expect, test } from 'vitest';
import { redactCommandLine } from './redact-command-line.ts';

test.each([
  ['root=UUID=12-34 ro', 'root=********** ro'],
  ['root=PARTUUID=ab', 'root=***********'],
  ['ip=10.0.0.2::10.0.0.1 hostname=box', 'ip=****************** hostname=***'],
  ['intel_iommu=on,sm_on iommu=pt', 'intel_iommu=on,sm_on iommu=pt'],
  ['vfio-pci.ids=10de:1234 pci=noats', 'vfio-pci.ids=10de:1234 pci=noats'],
  ['pcie_acs_override=downstream,multifunction', 'pcie_acs_override=downstream,multifunction'],
  ['dyndbg="file a b; c" quiet', 'dyndbg=************* quiet'],
  ['token hunter2 -- pci=secret arg', '***** ******* -- ********** ***'],
  ['systemd.hostname=box', 'systemd.hostname=***'],
  ['', ''],
])('%j', (text, redacted) => {
  expect(redactCommandLine(text)).toBe(redacted);
  expect(redacted).toHaveLength(text.length);
});
