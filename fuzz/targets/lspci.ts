/** @module Pasted lspci text, all the way to groups. */
import { parseLspciText } from '../../packages/inventory/src/lspci/parse-lspci-text.ts';
import { checkMachine } from '../analysis-invariants.ts';
import { assert } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';

const TEXT = `00:00.0 Host bridge [0600]: Intel Corporation Host Bridge [8086:1904] (rev 08)
	Subsystem: Dell Device [1028:0704]
	Control: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx-
	Status: Cap+ 66MHz- UDF- FastB2B+ ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort+ >SERR- <PERR- INTx-
	IOMMU group: 0
	Capabilities: [e0] Vendor Specific Information: Len=10 <?>

00:1c.0 PCI bridge [0604]: Intel Corporation Root Port [8086:9d10] (rev f1) (prog-if 00 [Normal decode])
	Status: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
	IOMMU group: 1
	Bus: primary=00, secondary=01, subordinate=01, sec-latency=0
	Capabilities: [40] Express (v2) Root Port (Slot+), MSI 00
		DevCap:	MaxPayload 256 bytes, PhantFunc 0
	Capabilities: [140 v1] Access Control Services
		ACSCap:	SrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd- EgressCtrl- DirectTrans-
		ACSCtl:	SrcValid+ TransBlk- ReqRedir+ CmpltRedir+ UpstreamFwd- EgressCtrl- DirectTrans-
	Kernel driver in use: pcieport

01:00.0 Network controller [0280]: Intel Corporation Wireless 8260 [8086:24f3] (rev 3a)
	NUMA node: 0
	IOMMU group: 2
	Capabilities: [c8] Power Management version 3
		Flags: PMEClk- DSI+ D1- D2- AuxCurrent=0mA PME(D0+,D1-,D2-,D3hot+,D3cold+)
		Status: D0 NoSoftRst- PME-Enable- DSel=0 DScale=0 PME-
	Capabilities: [40] Express (v2) Endpoint, MSI 00
		DevCap:	MaxPayload 128 bytes, PhantFunc 0, Latency L0s <512ns, L1 unlimited
			ExtTag- AttnBtn- AttnInd- PwrInd- RBE+ FLReset+ SlotPowerLimit 0W
	Capabilities: [100 v1] Advanced Error Reporting
	Capabilities: [140 v1] Device Serial Number 00-11-22-ff-ff-33-44-55
	Capabilities: <access denied>
	Kernel driver in use: iwlwifi
00: 86 80 f3 24 06 04 10 00 3a 00 80 02 10 00 00 00
10: 04 00 00 f1 00 00 00 00 00 00 00 00 00 00 00 00
`;

const words = [
  'IOMMU group: ',
  'Capabilities: [',
  ' Express (v2) ',
  '10000:e1:00.0 ',
  '> ',
  '\r\n',
  '&gt;',
  'ACSCtl:',
  'secondary=',
];

export const lspci: FuzzTarget = {
  name: 'lspci',
  seeds: () => [TEXT, TEXT.replaceAll('\n', '\r\n> '), TEXT.slice(0, 700)].map((t) => new TextEncoder().encode(t)),
  dictionary: words.map((w) => new TextEncoder().encode(w)),
  longest: 16 * 1024,
  run(bytes) {
    const machine = parseLspciText(new TextDecoder().decode(bytes), 'lspci text', undefined);
    for (const d of machine.diagnostics) {
      assert(d.file.startsWith('lspci text'), () => `diagnostic names the file ${d.file}`);
      assert(d.message.length < 2000, () => `message of ${d.message.length} characters`);
    }
    checkMachine(machine);
  },
};
