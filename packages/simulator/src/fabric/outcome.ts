/**
 * @module Where a packet ends, and the way that it took.
 *
 * Places are indices of functions: a port stands for itself and all below it; functions of a device, with nothing below
 * them, are one place, named by the first of them; a physical function before its virtual ones is another; a conventional
 * bus is the bridge that leads to it, or the first function of a root bus.
 */

/** Why a packet goes no further. */
export type StopReason =
  | 'bus-master-off'
  | 'source-validation'
  | 'translation-blocking'
  | 'nobody-claims'
  | 'no-completions'
  | 'unexpected-completion'
  | 'root-complex-does-not-route'
  | 'interrupt-remapping'
  | 'no-entry'
  | 'no-mapping'
  | 'translated-not-allowed';

/** Requesters are segment × 65536 + the 16-bit id, as they were when the packet ended. */
export type Outcome =
  | {
      readonly kind: 'function';
      readonly function: number;
      readonly requester: number;
      readonly past: 'peers' | 'iommu';
      /** The place that let it by the IOMMU; -1: none, it went through the IOMMU. */
      readonly place: number;
    }
  | { readonly kind: 'memory'; readonly address: number; readonly requester: number }
  | { readonly kind: 'interrupt'; readonly requester: number }
  | {
      readonly kind: 'stopped';
      /** Index of the function that stops it; -1: the root complex or the IOMMU. */
      readonly at: number;
      readonly reason: StopReason;
      readonly requester: number;
    };

/** One step of a packet's way. Functions by index. */
export type Hop =
  | { readonly kind: 'sent'; readonly at: number; readonly requester: number }
  | { readonly kind: 'shared-bus'; readonly at: number; readonly to: number }
  | { readonly kind: 'to-peer'; readonly at: number; readonly to: number; readonly because: string }
  | { readonly kind: 'redirected'; readonly at: number; readonly because: string }
  | { readonly kind: 'checked'; readonly at: number; readonly requester: number; readonly validated: boolean }
  | { readonly kind: 'turned-back'; readonly at: number; readonly because: string }
  | { readonly kind: 'forwarded-up'; readonly at: number; readonly because: string }
  | { readonly kind: 'owned'; readonly at: number; readonly requester: number }
  | { readonly kind: 'sent-for'; readonly at: number; readonly by: number; readonly requester: number }
  | { readonly kind: 'up'; readonly at: number }
  | { readonly kind: 'down'; readonly at: number }
  | { readonly kind: 'root-complex'; readonly from: number; readonly to: number; readonly because: string }
  | { readonly kind: 'iommu'; readonly requester: number; readonly address: number; readonly physical: number };
