/**
 * @module What a function can send.
 */

/** A memory request, routed by its address. A message-signalled interrupt is a write to the doorbell. */
export interface RequestPacket {
  readonly kind: 'read' | 'write';
  /** Index of the function that sends. */
  readonly origin: number;
  /** 16 bits; its own or one that it makes up. */
  readonly requester: number;
  readonly address: number;
  /** Address Type 10: "an IOMMU has translated this already" (ATS). */
  readonly translated: boolean;
}

/** A completion that nobody asked for, routed by the id of the function that it is for. */
export interface CompletionPacket {
  readonly kind: 'completion';
  readonly origin: number;
  readonly requester: number;
  /** Index of the function that it is for. */
  readonly destination: number;
}

export type Packet = RequestPacket | CompletionPacket;
