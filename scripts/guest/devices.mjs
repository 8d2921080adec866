/**
 * @module Arguments of QEMU for machines and devices: one string an argument with its option.
 */

export const INTEL = ['-M q35,kernel-irqchip=split', '-device intel-iommu,intremap=on'];
export const AMD = ['-M q35,kernel-irqchip=split', '-device amd-iommu,intremap=on'];

/** Appended to a root port. */
export const WITHOUT_ACS = ',disable-acs=on';

/**
 * Slot 1 stays free: AMD's IOMMU is a PCI function, and QEMU puts it there.
 *
 * @param {number} n names it `rp<n>`
 * @param {string} addr slot, with its function where there are several
 * @param {string} [more] further properties, each with its comma
 */
export const rootPort = (n, addr, more = '') =>
  `-device pcie-root-port,id=rp${n},addr=${addr},chassis=${n},slot=${n},port=${n}${more}`;

/** The upper side of a switch, `us<n>`. */
export const upstream = (/** @type {number} */ n, /** @type {string} */ bus) =>
  `-device x3130-upstream,id=us${n},bus=${bus},port=${n}`;

/**
 * A lower side of a switch, `ds<n>`: these have no ACS.
 *
 * @param {number} n
 * @param {string} bus
 * @param {string} addr
 * @param {string} [more] further properties, each with its comma
 */
export const downstream = (n, bus, addr, more = '') =>
  `-device xio3130-downstream,id=ds${n},bus=${bus},addr=${addr},chassis=${n},slot=${n},port=${n}${more}`;

/** What is behind a disk: `disk<n>`, full of zeroes. */
const disk = (/** @type {number} */ n) => `-drive if=none,id=disk${n},driver=null-co,size=16M,read-zeroes=on`;

/** An NVMe disk with its blocks. */
export const nvme = (/** @type {number} */ n, /** @type {string} */ more) =>
  `${disk(n)} -device nvme,drive=disk${n},serial=disk-${n},${more}`;
