/**
 * @module DMAR tables that between them have all that is decoded, for tests and fuzzing.
 */
import { andd, atsr, buildDmar, deviceScope, drhd, rhsa, rmrr, satc } from '../encode/dmar.ts';

export function sampleDmars(): readonly Uint8Array[] {
  return [
    buildDmar({ structures: [drhd(0xfed90000, { includeAll: true })] }),
    buildDmar({
      flags: 5,
      structures: [
        drhd(0xfed90000, { scopes: [deviceScope(1, 0, [[2, 0]])] }),
        drhd(0xfed91000, {
          includeAll: true,
          scopes: [
            deviceScope(3, 0xf0, [[0x1f, 0]], 2),
            deviceScope(4, 0, [[0x1f, 0]]),
            deviceScope(5, 0, [[0x15, 0]], 1),
          ],
        }),
        rmrr(0x8b00_0000n, 0x8f7f_ffffn, deviceScope(1, 0, [[2, 0]])),
        atsr(
          false,
          0,
          deviceScope(2, 0, [
            [0x1c, 4],
            [0, 0],
          ]),
        ),
        rhsa(0xfed90000, 1),
        andd(1, '\\_SB.PCI0.I2C0\0'),
        satc(true, 0, deviceScope(1, 0, [[2, 0]])),
      ],
    }),
  ];
}
