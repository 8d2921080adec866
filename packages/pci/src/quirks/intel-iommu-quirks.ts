/**
 * @module Intel devices that VT-d leaves without translation (drivers/iommu/intel/iommu.c).
 */
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { Topology } from '../topology/topology.ts';

const INTEL = 0x8086;

/** Graphics that do not work behind VT-d: G4x and Broadwell; quirk_iommu_igfx. As `intel_iommu=igfx_off`. */
// biome-ignore format: by chipset
export const IGFX_OFF_DEVICES: readonly number[] = Object.freeze([
  0x29b2, 0x2a40, 0x2e00, 0x2e10, 0x2e20, 0x2e30, 0x2e40, 0x2e90, 0x0044,
  0x1606, 0x160b, 0x160e, 0x1602, 0x160a, 0x160d, 0x1616, 0x161b, 0x161e, 0x1612, 0x161a, 0x161d,
  0x1626, 0x162b, 0x162e, 0x1622, 0x162a, 0x162d, 0x1636, 0x163b, 0x163e, 0x1632, 0x163a, 0x163d,
]);

/** Ironlake host bridges; quirk_calpella_no_shadow_gtt. */
export const CALPELLA_DEVICES: readonly number[] = Object.freeze([0x0040, 0x0062, 0x006a]);
/** GGC, graphics control; bit 11: firmware set up the shadow translation table that VT-d needs. */
const GGC = 0x52;
const GGC_VT_ENABLED = 0x0800;

/**
 * Whether Linux ignores units that cover nothing but graphics, so that the graphics has no group. Where the Calpella
 * register was not read, the firmware is taken to have set it.
 */
export function needsGraphicsOff(machine: Machine): boolean {
  return machine.functions.some((f) => {
    if (f.vendor !== INTEL || typeof f.device !== 'number') return false;
    if (IGFX_OFF_DEVICES.includes(f.device)) return true;
    return CALPELLA_DEVICES.includes(f.device) && ((word(f, GGC) ?? GGC_VT_ENABLED) & GGC_VT_ENABLED) === 0;
  });
}

/** Sandy Bridge IOAT: its own unit stands at a fixed distance from VTBAR of the bus; quirk_ioat_snb_local_iommu. */
const SANDY_BRIDGE_IOAT = 0x402f;
const VTBAR = 0xb0;
const IOAT_UNIT_OFFSET = 0xa000n;

/**
 * Whether the function is a Sandy Bridge IOAT that the firmware puts under another unit than its own: Linux leaves it
 * without a unit then. Where VTBAR was not read, the firmware is believed.
 *
 * @param registerBase Of the unit that the table says covers it.
 */
export function isSandyBridgeIoatOutside(topology: Topology, i: number, registerBase: bigint): boolean {
  const { functions } = topology.machine;
  const f = functions[i] as PciFunction;
  if (f.vendor !== INTEL || f.device !== SANDY_BRIDGE_IOAT) return false;
  for (let j = topology.busFrom[i] as number; j < (topology.busTo[i] as number); j++) {
    const hostBridge = functions[j] as PciFunction;
    if (hostBridge.devfn !== 0) continue;
    const low = word(hostBridge, VTBAR);
    const high = word(hostBridge, VTBAR + 2);
    if (low === undefined || high === undefined) return false;
    return registerBase - (BigInt(high) << 16n) !== IOAT_UNIT_OFFSET;
  }
  return false;
}

function word(f: PciFunction, offset: number): number | undefined {
  const bytes = f.config?.bytes;
  if (bytes === undefined || bytes.length < offset + 2) return undefined;
  return (bytes[offset] as number) | ((bytes[offset + 1] as number) << 8);
}
