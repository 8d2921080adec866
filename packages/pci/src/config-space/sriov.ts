/**
 * @module Single Root I/O Virtualization (PCIe 6.0, 9.3.3): the virtual functions of a physical one.
 */
import type { Fact } from '../facts/fact.ts';
import type { SriovCapability } from '../facts/pci-function.ts';
import type { CapabilityKind } from './capability-list.ts';
import { bitOf, type ConfigReader } from './config-reader.ts';

export const SRIOV: CapabilityKind = { id: 0x10, name: 'SR-IOV', size: 0x1c };

const CONTROL = 0x08;
const VF_ENABLE = 0x01;
const TOTAL_VFS = 0x0e;
const NUM_VFS = 0x10;
const FIRST_VF_OFFSET = 0x14;
const VF_STRIDE = 0x16;
const VF_DEVICE_ID = 0x1a;

export function decodeSriov(config: ConfigReader, at: number): Fact<SriovCapability> {
  return Object.freeze({
    offset: at,
    enabled: bitOf(config.u16(at + CONTROL), VF_ENABLE),
    totalVfs: config.u16(at + TOTAL_VFS),
    numVfs: config.u16(at + NUM_VFS),
    firstVfOffset: config.u16(at + FIRST_VF_OFFSET),
    vfStride: config.u16(at + VF_STRIDE),
    vfDeviceId: config.u16(at + VF_DEVICE_ID),
  });
}
