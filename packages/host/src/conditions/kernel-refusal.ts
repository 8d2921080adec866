/**
 * @module Why the kernel, or the driver of VFIO, would refuse a claim: said before anything is written.
 */
export type KernelRefusalKind =
  /** The kernel translates nothing for the device: VFIO has no file for it. */
  | 'no-kernel-group'
  /** A member of the kernel's group keeps a driver that owns its DMA. */
  | 'group-not-viable'
  /** Message-signalled interrupts could be forged. */
  | 'interrupts'
  /** The firmware demands that the group keeps memory of its own. */
  | 'direct-region'
  | 'no-vfio-module'
  /** vfio-pci takes only functions with a header of type 0. */
  | 'header-type'
  /** vfio-pci refuses the model. */
  | 'denied-model';

export interface KernelRefusal {
  readonly kind: KernelRefusalKind;
  /** The device in the way, where it is one. */
  readonly device?: string;
  /** False where a fact is missing that decides it; the fix then says what would. */
  readonly certain: boolean;
  /** A sentence without a full stop. */
  readonly says: string;
  /** What would help, as an instruction. */
  readonly fix: string;
}
