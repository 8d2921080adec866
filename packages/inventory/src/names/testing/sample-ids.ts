/**
 * @module A small list in the form of pci.ids, for tests. Its names are made up.
 */
export const SAMPLE_IDS: string = `#
#	List of PCI ID's
#
#	Version: 2031.02.03
#	Date:    2031-02-03 03:15:02
#

# vendor  vendor_name
10a0  Alder Works
	0001  Timer
# A comment between devices
	0002  Bridge [Fast]
		10a0 0100  Board One
		10a0 0101  Board Two
		20b0 0100  Other Board²
	0003  Timer
20b0  Birch Labs, Inc.
20b1  Birch Labs, Inc. [Networks]
	0100  Ethernet Controller
ffff  Illegal Vendor ID

C 06  Bridge
	00  Host bridge
	04  PCI bridge
		00  Normal decode
		01  Subtractive decode
C 07  Communication controller
	80  Communication controller
C 0c  Serial bus controller
	03  USB controller
		30  XHCI
C 13  Odd things
`;
