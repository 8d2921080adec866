/**
 * @module What a domain needs of an IOMMU: page sizes, what may not be mapped, and the two calls that point a device at
 * a domain and away from it.
 */
import type { Device } from '../device.ts';
import type { Domain } from './domain.ts';

/** IOVAs that no mapping may touch, in bytes. */
export interface ReservedRegion {
  readonly start: number;
  readonly length: number;
  /** `msi`: the interrupt window; `direct`: the firmware's own, one to one; `reserved`: the hardware's. */
  readonly kind: 'msi' | 'direct' | 'reserved';
}

/** Groups with the same object are behind IOMMUs that can share a domain. What is in it must not change. */
export interface IommuOps {
  readonly name: string;
  /** Bytes: any of 4096, 2 MiB and 1 GiB. */
  readonly pageSizes: readonly number[];
  /** Bits of an IOVA, 12 to 64; 48 unless told. */
  readonly addressBits?: number;
  readonly reserved: readonly ReservedRegion[];
  /** From here on the DMA of the device is translated by the domain. Throws when it refuses; then nothing has changed. */
  attach(domain: Domain, device: Device): void;
  /** From here on the DMA of the device is blocked. */
  detach(domain: Domain, device: Device): void;
}
