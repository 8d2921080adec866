/**
 * @module MCFG tables that between them have all that is decoded, for tests and fuzzing.
 */
import { buildMcfg, mcfgWindow } from '../encode/mcfg.ts';

export function sampleMcfgs(): readonly Uint8Array[] {
  return [buildMcfg(), buildMcfg(mcfgWindow(0xb000_0000n, 0, 0, 0xff), mcfgWindow(0xe000_0000n, 1, 0x40, 0x7f))];
}
