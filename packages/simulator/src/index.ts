/**
 * @module A simulated machine, a router of PCIe packets that knows nothing of the isolation graph, and the proof that
 * both agree. No I/O.
 */
export {};
