import { expect, test } from 'vitest';
import { redactKernelLog } from './redact-kernel-log.ts';

test.each([
  // What bears on isolation stays as it is.
  ...[
    '[    0.1] pci 0000:00:1c.0: [8086:9d10] type 01 class 0x060400 PCIe Root Port',
    '[    0.1] pci_bus 0000:40: resource 4 [io  0x1000-0x6fff window]',
    '[    0.2] pci 0000:01:00.0: Adding to iommu group 12',
    '[    0.2] AMD-Vi: Interrupt remapping enabled',
    '[    0.2] arm-smmu-v3 9050000.smmuv3: ias 44-bit, oas 44-bit',
    '[    0.0] Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA',
    '[    1.0] pci-stub 0000:00:02.0: claimed by stub',
    '[    1.0] serial 0000:00:18.2: Adding to iommu group 1',
  ].map((line) => [line, line]),
  // What identifies the machine does not.
  [
    '[    1.0] pci 0000:01:00.0: MAC a0:b1:c2:d3:e4:f5 found',
    '[    1.0] pci 0000:01:00.0: MAC **:**:**:**:**:** found',
  ],
  ['[    1.0] pci 0000:01:00.0: serial number: XYZ-1', '[    1.0] pci 0000:01:00.0: serial number: ***-*'],
  ['[    1.0] pci 0000:01:00.0: a0-b1-c2-d3-e4-f5-00-11', '[    1.0] pci 0000:01:00.0: **-**-**-**-**-**-**-**'],
  ['[    1.0] ACPI: 0c9ad3f1-6b38-4f2c-9d5e-7a5b1c2d3e4f', '[    1.0] ACPI: ********-****-****-****-************'],
  ['[    0.0] Kernel command line: root=UUID=1 pci=noats', '[    0.0] Kernel command line: root=****** pci=noats'],
  ['[    0.0] Linux version 6.1 (me@box) #1', '[    0.0] Linux version 6.1 (******) #1'],
  ['[    2.0] nvme 0000:02:00.0: serial S123', '[    2.0] nvme 0000:02:00.0: <redacted>'],
  // What is of no use is not kept.
  ['[    0.0] DMI: Maker Model, BIOS 1', ''],
  ['[    3.0] usb 1-1: SerialNumber: 0123', ''],
  ['[    3.0] systemd[1]: Hostname set to <box>.', ''],
])('%s', (line, redacted) => {
  expect(redactKernelLog(line)).toBe(redacted);
});
