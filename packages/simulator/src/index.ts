/**
 * @module A simulated machine, a router of PCIe packets that knows nothing of the isolation graph, and the proof that
 * both agree. No I/O.
 */
export type { AcsRegisters, DeviceModel, Fabric, FabricFunction, Range, VendorStatement } from './fabric/fabric.ts';
export { fabricOfMachine, type MachineStateFacts } from './fabric/fabric-of-machine.ts';
export type { Hop, Outcome, StopReason } from './fabric/outcome.ts';
export type { CompletionPacket, Packet, RequestPacket } from './fabric/packet.ts';
export { createRouter, type Router } from './fabric/router.ts';
export { FAULT, type Translation } from './fabric/translation.ts';
